// Metrics as they were received: what there is, and one plotted.
import { expect, test } from "../fixtures";
import { Shell } from "../pages/shell";
import { checkout } from "../shopData";

test("lists what arrives and narrows it", async ({ page, shop }) => {
  const metrics = new Shell(page, shop);
  await metrics.open("/metrics/?view=received");
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  await expect(row("shop.orders")).toContainText("counter");
  await expect(row("shop.stock")).toContainText("gauge");
  await expect(row("shop.wait")).toContainText("histogram");
  await page.getByRole("textbox", { name: "Filter metrics" }).fill("stock");
  await expect(row("shop.orders")).toHaveCount(0);
  await expect.poll(() => metrics.param("text")).toBe("stock");
});

/** How many pixels of the plot are not its background. */
function inked(canvas: HTMLCanvasElement): number {
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let count = 0;
  for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > 0) count += 1;
  return count;
}

for (const [name, series] of [
  ["shop.orders", 2],
  ["shop.stock", 1],
  ["shop.wait", 1],
] as const) {
  test(`plots ${name}`, async ({ page, shop }) => {
    const metrics = new Shell(page, shop);
    await metrics.open("/metrics/?view=received");
    await page.getByRole("link", { name, exact: true }).click();
    await expect(page.getByText(`${series} series`, { exact: true })).toBeVisible();
    const canvas = page.getByRole("region", { name: "Series" }).locator("canvas").first();
    await expect(canvas).toBeVisible();
    await expect.poll(() => canvas.evaluate(inked)).toBeGreaterThan(500);
    await expect(page.getByRole("region", { name: "Legend" }).getByRole("row")).toHaveCount(series + 1);
  });
}

test("leads from an exemplar to its trace", async ({ page, shop }) => {
  const metrics = new Shell(page, shop);
  await metrics.open("/metrics/shop.orders?show=value");
  const link = page.locator(`a[href*="${checkout.trace}"]`).first();
  await link.click();
  await expect(page).toHaveURL(new RegExp(checkout.trace));
});
