// Pictures of a metric as files: both forms, of what the page shows.
import { readFileSync } from "node:fs";
import { expect, test } from "../fixtures";
import { Shell } from "../pages/shell";

const forms = [
  { words: "PNG picture", ending: "png", opening: "\u0089PNG" },
  { words: "SVG picture", ending: "svg", opening: "<svg " },
];

for (const { words, ending, opening } of forms) {
  test(`saves a metric as ${ending}`, async ({ page, shop }) => {
    const metrics = new Shell(page, shop);
    await metrics.open("/metrics/shop.orders?show=rate");
    await page.getByRole("button", { name: "Export" }).click();
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: words }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(new RegExp(`^shop\\.orders-\\d+\\.${ending}$`));
    const content = readFileSync(await download.path(), "latin1");
    expect(content.startsWith(opening)).toBe(true);
    if (ending === "svg") expect(content).toContain("<title>shop.orders, per second</title>");
    await expect(page.getByRole("status").filter({ hasText: "Saved" })).toContainText(ending);
  });
}
