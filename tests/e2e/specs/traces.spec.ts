// Searching for traces by service, operation, duration, status and attribute.
import type { Locator } from "@playwright/test";
import { expect, test } from "../fixtures";
import { TracesPage } from "../pages/traces";
import { bulk } from "../shopData";

const found = (count: number) => (count === 1 ? "1 trace" : `${count} traces`);

for (const [field, value, count] of [
  ["service", "payment-service", 1],
  ["service", "order-service", 61],
  ["status", "error", 4],
  ["payment.provider", "acme", 1],
] as const) {
  test(`finds traces whose ${field} is ${value}`, async ({ page, shop }) => {
    const traces = new TracesPage(page, shop);
    await traces.open("/traces");
    await traces.filter(field, value);
    await expect(traces.total).toHaveText(found(count));
    await expect(traces.rows).toHaveCount(Math.min(count, await traces.rows.count()));
  });
}

test("finds an operation of a service that took long enough", async ({ page, shop }) => {
  const traces = new TracesPage(page, shop);
  await traces.open("/traces");
  await traces.filter("service", "order-service");
  await traces.filter("operation", "GET /orders");
  await expect(traces.total).toHaveText("20 traces");
  // 5 ms and one more for each of 60 requests, of which every third asked for orders.
  await traces.filter("duration ≥", "50ms");
  await expect(traces.total).toHaveText("5 traces");
  await traces.filter("duration ≤", "60ms");
  await expect(traces.total).toHaveText("4 traces");
  await page.getByRole("button", { name: /^Remove operation/ }).click();
  await expect(traces.total).toHaveText("11 traces");
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(traces.total).not.toHaveText("11 traces");
});

test("takes a typed attribute", async ({ page, shop }) => {
  const traces = new TracesPage(page, shop);
  await traces.open("/traces");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("combobox").fill("customer=12");
  await page.getByRole("combobox").press("Enter");
  await expect(traces.total).toHaveText("1 trace");
  expect(traces.param("attribute")).toBe("customer=12");
});

test("sorts by duration", async ({ page, shop }) => {
  const traces = new TracesPage(page, shop);
  await traces.open("/traces");
  await page.getByRole("button", { name: "Duration" }).click();
  await expect(traces.rows.first()).toContainText("POST /checkout");
  expect(traces.param("sort")).toBe("longest");
});

test("shows more than the first traces when asked", async ({ page, shop }) => {
  const traces = new TracesPage(page, shop);
  await traces.open("/traces?service=bulk-service");
  await expect(traces.total).toHaveText(`${bulk.toLocaleString("en-US")} traces`);
  await page.getByRole("button", { name: /^Show more/ }).click();
  await expect(page.getByTestId("traces-total")).toBeVisible();
  await expect(page.getByTestId("traces-total")).not.toContainText("the first 500 shown");
});

for (const scrollBar of ["auto", "none"]) {
  test(`headings stand over their columns with a scroll bar of width ${scrollBar}`, async ({ page, shop }) => {
    const traces = new TracesPage(page, shop);
    await traces.open("/traces");
    await page.addStyleTag({ content: `* { scrollbar-width: ${scrollBar} !important }` });
    await expect(traces.rows.first()).toBeVisible();
    const lefts = (row: Locator) =>
      row.locator("> span").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
    const headings = await lefts(page.locator(".trace-head"));
    expect(headings).toHaveLength(7);
    expect(await lefts(traces.rows.first().getByRole("link"))).toEqual(headings);
    // They stay when one scrolls.
    await page.locator(".trace-scroll").evaluate((scroller) => scroller.scrollTo(0, 900));
    await expect(page.locator(".trace-head")).toBeInViewport();
  });
}

test("says so when nothing matches", async ({ page, shop }) => {
  const traces = new TracesPage(page, shop);
  await traces.open("/traces?service=nobody");
  await expect(page.getByText("No trace matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(traces.total).toBeVisible();
});

test("bars are as long as their durations say, up to the longest", async ({ page, shop }) => {
  const traces = new TracesPage(page, shop);
  await traces.open("/traces?service=order-service&max_duration=64ms&sort=longest");
  const bars = page.getByRole("list", { name: "Traces" }).locator(".duration-bar");
  const longest = (await bars.nth(0).boundingBox())?.width ?? 0;
  const fifth = (await bars.nth(4).boundingBox())?.width ?? 0;
  expect(fifth / longest).toBeCloseTo(60 / 64, 2);
});
