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
  received: "/metrics/?view=received",
  metric: "/metrics/shop.orders",
  histogram: "/metrics/shop.wait",
  connect: "/connect",
  nowhere: "/nowhere",
};

for (const theme of ["dark", "light"] as const) {
  for (const [width, height] of [[1280, 800], [1920, 1080]] as const) {
    test(`${theme} at ${width}×${height}`, async ({ page, shop, demo, quiet }) => {
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
      for (const [name, path] of Object.entries(pages)) await shoot(name, new Shell(page, shop), path);
      await shoot("home-empty", new Shell(page, quiet), "/");
      await shoot("traces-empty", new Shell(page, quiet), "/traces");
    });
  }
}
