// The explorer: queries written, run, shown in four ways, kept in the address, and led to from what was received.
import { expect, test } from "../fixtures";
import { Explorer } from "../pages/explorer";
import { checkout } from "../shopData";

const RATE = "rate(shop_orders_total[1m])";
/** A workspace that scrapes one program every second. */
const scraping = (address: string) => `scrape_configs:
  - job_name: bakery
    scrape_interval: 1s
    scrape_timeout: 1s
    static_configs:
      - targets: ["${address}"]
`;
const BUCKETS = "sum by (le) (rate(shop_wait_milliseconds_bucket[1m]))";

test("runs what is written, and Back brings the query before", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask(["shop_stock"]);
  await expect(explorer.rows("Legend")).toHaveCount(1);
  await explorer.write(RATE);
  await page.keyboard.press("Enter");
  await expect(explorer.rows("Legend")).toHaveCount(2);
  expect(explorer.param("q")).toBe(`A:${RATE}`);
  await page.goBack();
  await expect(explorer.query()).toHaveText("shop_stock");
  await expect(explorer.rows("Legend")).toHaveCount(1);
});

test("completes names, labels and values from what there is", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask([]);
  await explorer.write("shop_or");
  await expect(page.getByRole("option", { name: /shop_orders_total/ })).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.type("{ti");
  await expect(page.getByRole("option", { name: /^till/ })).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.type('="');
  await expect(page.getByRole("option", { name: "b", exact: true })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(explorer.query()).toHaveText('shop_orders_total{till="b"}');
});

test("says what is wrong and where", async ({ page, shop, complaints }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask(["sum(shop_stock +)"]);
  await expect(page.getByRole("alert")).toContainText(/1:\d+/);
  await expect(page.locator(".cm-lintRange-error")).toBeVisible();
  // The browser reports the refusal too.
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("400")));
});

test("shows a series alone, and all again", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask([RATE]);
  const first = explorer.rows("Legend").first().getByRole("button", { pressed: true });
  await first.click();
  await expect(explorer.rows("Legend").nth(1)).toHaveAttribute("data-off", "true");
  expect(explorer.param("only")).not.toBeNull();
  await first.click();
  await expect(explorer.rows("Legend").nth(1)).toHaveAttribute("data-off", "false");
});

test("adds, switches off, duplicates and removes queries", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask([RATE, "shop_stock"]);
  await expect(explorer.rows("Legend")).toHaveCount(3);
  await page.getByRole("button", { name: "Query B on" }).click();
  await expect(explorer.rows("Legend")).toHaveCount(2);
  await page.getByRole("button", { name: "Duplicate A" }).click();
  await expect(explorer.query("C")).toHaveText(RATE);
  await page.getByRole("button", { name: "Remove B" }).click();
  await expect(explorer.query("B")).toHaveCount(0);
  expect(new URL(page.url()).searchParams.getAll("q")).toEqual([`A:${RATE}`, `C:${RATE}`]);
});

test("shows a table, a heat map and an explanation", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask([BUCKETS]);
  await explorer.show("Table");
  await expect(explorer.rows("Table").filter({ hasText: "+Inf" })).toHaveCount(1);
  await explorer.show("Heat map");
  await expect(page.getByRole("region", { name: "Heat map" }).locator("canvas")).toBeVisible();
  await explorer.show("Explain");
  await expect(explorer.rows("Explain")).toHaveCount(3);
  await expect(explorer.rows("Explain").last()).toContainText("shop_wait_milliseconds_bucket[1m]");
  await expect(explorer.rows("Explain").last().locator("td").nth(2)).toHaveText(/^\d/);
  expect(explorer.param("show")).toBe("explain");
});

test("finds a metric and puts a query for it", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask([]);
  await page.keyboard.press("/");
  await explorer.find.fill("item=book");
  await expect(page.getByText("1 metric")).toBeVisible();
  await explorer.find.fill("orders till=a");
  await expect(page.getByRole("button", { name: /shop_orders_total/ }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(explorer.query()).toHaveText("rate(shop_orders_total[5m])");
});

test("leads to what was received, and back", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.open("/metrics/shop.orders");
  await expect(page.getByRole("link", { name: "Query with PromQL" })).toBeVisible();
  await page.keyboard.press("e");
  await expect(explorer.query()).toHaveText("rate(shop_orders_total[5m])");
  await explorer.find.fill("shop_orders");
  await page.getByRole("link", { name: "As received" }).click();
  await expect(page).toHaveURL(/\/metrics\/shop\.orders/);
});

test("leads from an exemplar of the query to its trace", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask([RATE]);
  await expect(page.getByRole("button", { name: /Exemplars · 1/ })).toBeVisible();
  await page.locator(`main a[href*="${checkout.trace}"]`).click();
  await expect(page.getByTestId("waterfall")).toBeVisible();
});

test("runs with Ctrl Enter, and draws as is asked", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask([]);
  await explorer.write(RATE);
  await page.keyboard.press("Control+Enter");
  await expect(explorer.rows("Legend")).toHaveCount(2);
  // The region stays; a canvas may be made anew while its picture is taken.
  const plot = page.getByRole("region", { name: "Graph" });
  const before = await plot.screenshot();
  await page.getByRole("combobox", { name: "as" }).selectOption("stacked");
  expect(explorer.param("drawn")).toBe("stacked");
  await expect.poll(async () => (await plot.screenshot()).equals(before)).toBe(false);
});

test("follows what is scraped, not only what is sent", async ({ page, quiet, exporter }) => {
  const explorer = new Explorer(page, quiet);
  await explorer.ask(["oven_temperature_celsius"], "range=5m");
  await expect(page.getByText(/^No series in/)).toBeVisible();
  quiet.write("prometheus.yml", scraping(exporter.address));
  await expect(explorer.rows("Legend")).toHaveCount(1);
  await expect(page.getByRole("button", { name: /oven_temperature_celsius/ }).first()).toBeVisible();
});

test("teaches what to send where nothing has arrived", async ({ page, quiet }) => {
  const explorer = new Explorer(page, quiet);
  await explorer.open("/metrics/");
  await expect(page.getByText("No metrics in this time range")).toBeVisible();
  await expect(page.locator("main")).toContainText("OTEL_EXPORTER_OTLP_ENDPOINT");
});

test("stops a query that takes long, and runs it again", async ({ page, shop }) => {
  const explorer = new Explorer(page, shop);
  let held = true;
  await page.route("**/query_range?*", async (route) => (held ? undefined : route.continue()));
  await explorer.ask([RATE]);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Cancelled", { exact: true })).toBeVisible();
  held = false;
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(explorer.rows("Legend")).toHaveCount(2);
});

test("keeps the other answers when one query fails", async ({ page, shop, complaints }) => {
  const explorer = new Explorer(page, shop);
  await explorer.ask(["sum(", "shop_stock"]);
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(explorer.rows("Legend")).toHaveCount(1);
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("400")));
});
