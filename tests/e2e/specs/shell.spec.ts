// What holds on every page: time range, theme, address, palette, keys.
import { expect, test } from "../fixtures";
import { Shell } from "../pages/shell";
import { checkout } from "../shopData";

const pages = ["/", "/traces", "/logs", "/metrics/", "/metrics/?view=received", "/connect", `/traces/${checkout.trace}`, "/metrics/shop.wait", "/nowhere"];

for (const path of pages) {
  test(`${path} has no complaint and a title`, async ({ page, shop }) => {
    const shell = new Shell(page, shop);
    await shell.open(path);
    await expect(page.locator("main")).not.toBeEmpty();
    await expect(page).toHaveTitle(/Watchglass/);
    await expect(page.getByRole("contentinfo")).toContainText("spans/s");
    await expect(page.locator("main").getByText(/^Loading/)).toHaveCount(0);
  });
}

test("the time range is chosen, kept from page to page and over a reload", async ({ page, shop }) => {
  const shell = new Shell(page, shop);
  await shell.open("/traces");
  await shell.timeRange.click();
  await page.getByRole("button", { name: "1h", exact: true }).click();
  expect(shell.param("range")).toBe("1h");
  await shell.place("Logs").click();
  await expect(page).toHaveURL(/\/logs\?.*range=1h/);
  await page.reload();
  await expect(shell.timeRange).toHaveAccessibleName(/1 ?h|hour/);
  await page.goBack();
  await expect(page).toHaveURL(/\/traces\?.*range=1h/);
  await page.goBack();
  await expect.poll(() => shell.param("range")).toBe(null);
});

test("the theme is chosen and kept", async ({ page, shop }) => {
  const shell = new Shell(page, shop);
  await shell.open("/");
  const root = page.locator("html");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await shell.theme.click();
  await shell.theme.click();
  await expect(root).toHaveAttribute("data-theme", "light");
  await page.reload();
  await expect(root).toHaveAttribute("data-theme", "light");
});

test("the palette opens a page and a pasted trace", async ({ page, shop }) => {
  const shell = new Shell(page, shop);
  await shell.open("/");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("logs");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/logs/);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(checkout.trace);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("waterfall")).toBeVisible();
});

test("keys lead from page to page", async ({ page, shop }) => {
  const shell = new Shell(page, shop);
  await shell.open("/");
  for (const [key, name] of [["2", "Traces"], ["3", "Logs"], ["4", "Metrics"], ["1", "Home"]] as const) {
    await page.keyboard.press(key);
    await expect(shell.place(name)).toHaveAttribute("aria-current", "page");
  }
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
});

test("a copied link shows the same moment later", async ({ page, shop, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const shell = new Shell(page, shop);
  await shell.open("/logs?text=accepted&range=1h");
  await page.keyboard.press("s");
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const params = new URL(link).searchParams;
  expect(link.startsWith(`${shop.url}/logs?`)).toBe(true);
  expect(params.get("text")).toBe("accepted");
  expect(Number(params.get("to")) - Number(params.get("from"))).toBeCloseTo(3_600_000, -2);
  expect(params.get("range")).toBe(null);
});
