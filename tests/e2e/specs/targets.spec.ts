// The Targets page: what is scraped and how it goes, why a target is as it is, and what is wrong with the file.
import { accessFaults } from "../accessibility";
import { expect, test } from "../fixtures";
import { TargetsPage } from "../pages/targets";

const PAGE = "/metrics/?view=targets";

const configuration = (address: string) => `scrape_configs:
  - job_name: bakery
    scrape_interval: 1s
    scrape_timeout: 1s
    static_configs:
      - targets: ["${address}"]
        labels: {env: prod, team: dough, __meta_zone: eu-1}
      - targets: ["localhost:7"]
        labels: {env: old}
    relabel_configs:
      - source_labels: [env]
        regex: old
        action: drop
      - source_labels: [__meta_zone]
        regex: (.+)-(.)
        target_label: region
      - regex: team
        action: labeldrop
    metric_relabel_configs:
      - source_labels: [__name__]
        regex: oven_loaves_total
        action: drop
  - job_name: burnt
    scrape_interval: 1s
    scrape_timeout: 1s
    metrics_path: /nothing
    static_configs:
      - targets: ["${address}"]
`;

test("shows every job with its targets, as they are scraped", async ({ page, quiet, exporter }) => {
  quiet.write("prometheus.yml", configuration(exporter.address));
  const targets = new TargetsPage(page, quiet);
  await targets.open(PAGE);
  await expect(targets.job("bakery")).toContainText("1 of 1 up");
  await expect(targets.job("bakery")).toContainText("1 dropped by relabelling");
  const good = targets.row(`http://${exporter.address}/metrics`);
  await expect(good.getByRole("link")).toHaveAttribute("href", `http://${exporter.address}/metrics`);
  await expect(good).toContainText("1 of 41");
  await expect(targets.job("burnt")).toContainText("1 down");
  await expect(targets.job("burnt")).toContainText("server returned HTTP status 503");
  await expect(targets.row("localhost:7")).toContainText("dropped");
  await expect(good.getByRole("img", { name: /^Up in 100/ })).toBeVisible();
});

test("follows by itself what happens to a target", async ({ page, quiet, exporter }) => {
  quiet.write("prometheus.yml", configuration(exporter.address));
  const targets = new TargetsPage(page, quiet);
  await targets.open(PAGE);
  await expect(targets.job("bakery")).toContainText("1 of 1 up");
  await exporter.stop();
  await expect(targets.job("bakery")).toContainText("0 of 1 up");
  await expect(targets.job("bakery")).toContainText("refused");
  quiet.write("prometheus.yml", configuration("127.0.0.1:9").replaceAll("bakery", "pastry"));
  await expect(targets.job("pastry")).toBeVisible();
  await expect(targets.job("bakery")).toHaveCount(0);
});

test("narrows by state, words and labels", async ({ page, quiet, exporter }) => {
  quiet.write("prometheus.yml", configuration(exporter.address));
  const targets = new TargetsPage(page, quiet);
  await targets.open(PAGE);
  await expect(targets.state("down")).toContainText("1");
  await targets.state("down").click();
  await expect(page.locator("tr.target-row")).toHaveCount(1);
  expect(targets.param("state")).toBe("down");
  await targets.state("down").click();
  await page.keyboard.press("/");
  await page.keyboard.type("localhost");
  await expect(page.locator("tr.target-row")).toHaveCount(1);
  await page.getByRole("textbox", { name: "Find a target" }).fill("");
  await targets.filter("region", "eu");
  await expect(page.locator("tr.target-row")).toHaveCount(1);
  await expect(targets.row(exporter.address)).toContainText("region=eu");
});

test("tells what each relabelling rule did, and which one dropped a target", async ({ page, quiet, exporter }) => {
  quiet.write("prometheus.yml", configuration(exporter.address));
  const targets = new TargetsPage(page, quiet);
  await targets.open(PAGE);
  const kept = await targets.takeApart(`${exporter.address}/metrics`);
  const rules = kept.getByRole("region", { name: "Relabelling rules" }).getByRole("listitem");
  await expect(rules.filter({ hasText: "target_label: region" }).first()).toContainText("added region eu");
  await expect(rules.filter({ hasText: "labeldrop" }).first()).toContainText("removed team dough");
  const labels = kept.getByRole("region", { name: "Labels before and after" });
  await expect(labels.getByRole("row").filter({ hasText: "__meta_zone" })).toContainText("removed");
  await page.reload();
  await expect(page.locator(".target-details")).toBeVisible();
  const dropped = await targets.takeApart("localhost:7");
  await expect(dropped.locator('[data-fate="dropped"]')).toContainText("source_labels: [env]");
  await expect(dropped.locator('[data-fate="unreached"]')).toHaveCount(2);
});

test("leads from a target to its series", async ({ page, quiet, exporter }) => {
  quiet.write("prometheus.yml", configuration(exporter.address));
  const targets = new TargetsPage(page, quiet);
  await targets.open(`${PAGE}&range=5m`);
  const details = await targets.takeApart(`${exporter.address}/metrics`);
  await details.getByRole("link", { name: "up", exact: true }).click();
  expect(targets.param("q")).toBe(`A:up{job="bakery", instance="${exporter.address}"}`);
  expect(targets.param("range")).toBe("5m");
  await page.goBack();
  await page.locator(".target-details").getByRole("link", { name: "all its metrics" }).click();
  await expect(page.getByRole("button", { name: /oven_temperature_celsius/ }).first()).toBeVisible();
});

test("the lines that it teaches make a target", async ({ page, quiet }) => {
  const targets = new TargetsPage(page, quiet);
  await targets.open(PAGE);
  await expect(page.getByText("Nothing is scraped yet")).toBeVisible();
  await expect(page.locator("pre").first()).toHaveText(quiet.file("prometheus.yml"));
  expect(await accessFaults(page)).toEqual([]);
  quiet.write("prometheus.yml", await page.locator("pre").nth(1).innerText());
  await expect(targets.job("my-service")).toContainText("1 of 1 up", { timeout: 15_000 });
});

test("shows where prometheus.yml is wrong, and that the last good version goes on", async ({ page, quiet, exporter }) => {
  const good = configuration(exporter.address);
  quiet.write("prometheus.yml", good);
  const targets = new TargetsPage(page, quiet);
  await targets.open(PAGE);
  await expect(targets.job("bakery")).toContainText("1 of 1 up");
  quiet.write("prometheus.yml", good.replace("action: labeldrop", "action: lableldrop"));
  const faults = page.getByRole("alert", { name: "Faults in prometheus.yml" });
  await expect(faults).toContainText(`${quiet.file("prometheus.yml")}:18:`);
  await expect(faults).toContainText("action: lableldrop");
  await expect(faults).toContainText("stays in force, with 2 jobs");
  await expect(targets.job("bakery")).toContainText("1 of 1 up");
  await expect(page.getByRole("contentinfo")).toContainText("prometheus.yml:18:");
  expect(await accessFaults(page)).toEqual([]);
  quiet.write("prometheus.yml", good);
  await expect(faults).toHaveCount(0);
});

for (const theme of ["dark", "light"] as const) {
  test(`can be used without eyes or mouse, ${theme}`, async ({ page, quiet, exporter }) => {
    await page.emulateMedia({ colorScheme: theme });
    quiet.write("prometheus.yml", configuration(exporter.address));
    const targets = new TargetsPage(page, quiet);
    await targets.open(PAGE);
    await expect(targets.job("burnt")).toContainText("1 down");
    await targets.row("localhost:7").getByRole("button").focus();
    await page.keyboard.press("Enter");
    await expect(page.locator('[data-fate="dropped"]')).toBeVisible();
    expect(await accessFaults(page)).toEqual([]);
  });
}
