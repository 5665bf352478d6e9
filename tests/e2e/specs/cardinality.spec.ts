// The Cardinality page: how many series of what, what grew, and which label to drop, with lines that do it.
import { accessFaults } from "../accessibility";
import { expect, test } from "../fixtures";
import { Shell } from "../pages/shell";

const PAGE = "/metrics/?view=cardinality&range=5m";

const job = (address: string, more = "") => `scrape_configs:
  - job_name: bakery
    scrape_interval: 1s
    scrape_timeout: 1s
    static_configs:
      - targets: ["${address}"]
${more}`;

test("counts series, text and growth by metric, label and value", async ({ page, quiet, exporter }) => {
  quiet.write("prometheus.yml", job(exporter.address));
  const shell = new Shell(page, quiet);
  await shell.open(PAGE);
  const table = (name: string) => page.getByRole("region", { name, exact: true });
  const loaves = table("Metrics").getByRole("row").filter({ hasText: "oven_loaves_total" });
  await expect(loaves).toContainText("40");
  await expect(loaves).toContainText("KB");
  await expect(table("Grown most").getByRole("row").filter({ hasText: "oven_loaves_total" })).toContainText("0 → 40");
  await expect(table("Labels").getByRole("row").filter({ hasText: "baker" })).toContainText("40");
  await expect(table("Label values").getByRole("row").filter({ hasText: "kind=rye" })).toContainText("40");
  await expect(page.getByText("46 series", { exact: true })).toBeVisible();
});

test("says which label to drop, and its lines drop it", async ({ page, quiet, exporter }) => {
  quiet.write("prometheus.yml", job(exporter.address));
  const shell = new Shell(page, quiet);
  await shell.open(PAGE);
  const advice = page.getByRole("region", { name: "What to drop" });
  await expect(advice).toContainText("baker of oven_loaves_total would save most, 39 of 46 series");
  await advice.getByRole("button", { name: "How to drop baker of oven_loaves_total" }).click();
  const lines = await advice.locator("pre").first().innerText();
  const indented = lines.split("\n").map((line) => `    ${line}`);
  quiet.write("prometheus.yml", job(exporter.address, `${indented.join("\n")}\n`));
  const ask = async (query: string) => {
    const url = `${quiet.url}/prometheus/api/v1/query?query=${encodeURIComponent(query)}`;
    const { data } = await (await page.request.get(url)).json();
    return data.result[0]?.value[1] ?? "none";
  };
  await expect.poll(() => ask('count(oven_loaves_total{baker=""})')).toBe("1");
  await expect.poll(() => ask('count(count_over_time(oven_loaves_total{baker!=""}[2s]))')).toBe("none");
});

test("takes one metric apart", async ({ page, shop }) => {
  const shell = new Shell(page, shop);
  await shell.open("/metrics/?view=cardinality");
  await page.getByRole("region", { name: "Metrics", exact: true }).getByRole("button", { name: "shop_orders_total" }).click();
  const costs = page.getByRole("region", { name: "Labels of shop_orders_total" });
  await expect(costs).toContainText("till costs most: without it 1 of 2 series");
  expect(shell.param("metric")).toBe("shop_orders_total");
});

for (const theme of ["dark", "light"] as const) {
  test(`can be used without eyes or mouse, ${theme}`, async ({ page, shop }) => {
    await page.emulateMedia({ colorScheme: theme });
    const shell = new Shell(page, shop);
    await shell.open("/metrics/?view=cardinality");
    await page.getByRole("button", { name: /^How to drop/ }).first().press("Enter");
    await expect(page.locator(".drop-lines")).toBeVisible();
    expect(await accessFaults(page)).toEqual([]);
  });
}

test("says what to do where there are no series", async ({ page, quiet }) => {
  const shell = new Shell(page, quiet);
  await shell.open(PAGE);
  await expect(page.getByText("No series in the last 5 min")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "scrape one" }).click();
  await expect(page.getByText("Nothing is scraped yet")).toBeVisible();
});
