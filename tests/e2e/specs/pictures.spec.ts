// Pictures of every page, dark and light, small and large, to be looked at: results/*.png.
import { expect, test } from "../fixtures";
import { Shell } from "../pages/shell";
import { checkout } from "../shopData";

const pages = {
  home: "/",
  traces: "/traces",
  trace: `/traces/${checkout.trace}?span=${checkout.payment}&panel=span`,
  "trace-logs": `/traces/${checkout.trace}?panel=logs`,
  logs: "/logs",
  explorer: "/metrics/?q=A:rate(shop_orders_total[1m])",
  heat: "/metrics/?show=heat&q=A:sum by (le) (rate(shop_wait_milliseconds_bucket[1m]))",
  explain: "/metrics/?show=explain&q=A:sum(rate(shop_orders_total[1m])) / sum(shop_stock)",
  stacked: "/metrics/?drawn=stacked&q=A:rate(shop_orders_total[1m])",
  received: "/metrics/?view=received",
  cardinality: "/metrics/?view=cardinality",
  metric: "/metrics/shop.orders",
  histogram: "/metrics/shop.wait",
  connect: "/connect",
  nowhere: "/nowhere",
};

const LATENCY =
  "A:histogram_quantile(0.95, sum by (le, job) (rate(http_request_duration_seconds_bucket[1m])))";

/** Targets in every state: one that answers, one that does not, one that is gone, and one that is dropped. */
const bakeries = (address: string) => `scrape_configs:
  - job_name: bakery
    scrape_interval: 2s
    scrape_timeout: 1s
    static_configs:
      - targets: ["${address}"]
        labels: {env: prod, team: dough, __meta_zone: eu-1}
      - targets: ["127.0.0.1:9"]
        labels: {env: dev, team: dough}
      - targets: ["127.0.0.1:7"]
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
  - job_name: burnt
    scrape_interval: 2s
    scrape_timeout: 1s
    metrics_path: /nothing
    static_configs:
      - targets: ["${address}"]
`;

for (const theme of ["dark", "light"] as const) {
  for (const [width, height] of [[1280, 800], [1920, 1080]] as const) {
    test(`${theme} at ${width}×${height}`, async ({ page, shop, demo, quiet, exporter }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height });
      await expect
        .poll(async () => {
          const answer = await page.request.get(`${demo.url}/api/services`);
          return (await answer.json()).services.length;
        }, { timeout: 20_000 })
        .toBeGreaterThan(3);
      const shoot = async (name: string, shell: Shell, path: string) => {
        await shell.open(path);
        await expect(page.getByRole("contentinfo")).toContainText("spans/s");
        await expect(page.locator("main").getByText(/^Loading/)).toHaveCount(0);
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: `results/${name}-${theme}-${width}.png` });
      };
      await shoot("demo-home", new Shell(page, demo), "/");
      await shoot("demo-traces", new Shell(page, demo), "/traces");
      await shoot("demo-explorer", new Shell(page, demo), `/metrics/?range=5m&q=${encodeURIComponent(LATENCY)}`);
      for (const [name, path] of Object.entries(pages)) await shoot(name, new Shell(page, shop), path);
      await shoot("home-empty", new Shell(page, quiet), "/");
      await shoot("traces-empty", new Shell(page, quiet), "/traces");
      const scraping = new Shell(page, quiet);
      await shoot("targets-empty", scraping, "/metrics/?view=targets");
      quiet.write("prometheus.yml", bakeries(exporter.address));
      await scraping.open("/metrics/?view=targets&range=5m");
      await expect(page.getByText("1 down").first()).toBeVisible();
      await page.locator("tr.target-row").filter({ hasText: "region=eu" }).getByRole("button").click();
      await shoot("targets", scraping, new URL(page.url()).pathname + new URL(page.url()).search);
      quiet.write("prometheus.yml", bakeries(exporter.address).replace("action: drop", "action: dorp"));
      await expect(page.getByRole("alert")).toBeVisible();
      await page.screenshot({ path: `results/targets-fault-${theme}-${width}.png` });
      await page.goto(`${quiet.url}/metrics/?view=cardinality&range=5m`);
      await page.getByRole("button", { name: /^How to drop/ }).first().click();
      await expect(page.locator(".drop-lines")).toBeVisible();
      await page.screenshot({ path: `results/cardinality-drop-${theme}-${width}.png` });
    });
  }
}
