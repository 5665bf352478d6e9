// Home: what is there and whether anything is wrong.
import { expect, test } from "../fixtures";
import { Shell } from "../pages/shell";
import { checkout } from "../shopData";

test("shows every service with its rate", async ({ page, shop }) => {
  const home = new Shell(page, shop);
  await home.open("/");
  for (const service of ["order-service", "payment-service", "inventory-service", "bulk-service"]) {
    const row = page.getByRole("row").filter({ hasText: service });
    await expect(row).toHaveCount(1);
    await expect(row).toContainText("/s");
  }
  const order = page.getByRole("row").filter({ hasText: "order-service" });
  await expect(order.getByTitle("61 requests")).toBeVisible();
  await expect(order.getByTitle("4 failed")).toHaveText(/6[.,]\d+\s?%/);
});

test("leads from a figure to where it comes from", async ({ page, shop }) => {
  const home = new Shell(page, shop);
  await home.open("/");
  await page.getByTitle("4 failed").click();
  await expect(page).toHaveURL(/\/traces\?.*service=order-service/);
  expect(home.param("status")).toBe("error");
  await expect(page.getByTestId("traces-total")).toContainText("4 traces");
});

test("lists what failed, what took longest and which errors were logged", async ({ page, shop }) => {
  const home = new Shell(page, shop);
  await home.open("/");
  const list = (name: string) => page.getByRole("region", { name, exact: true });
  const failed = list("Failed traces").getByRole("listitem");
  await expect(failed).toHaveCount(4);
  await expect(failed.first()).toContainText("POST /checkout");
  await expect(list("Slowest traces").getByRole("listitem").first()).toContainText("850 ms");
  await list("Error logs").getByRole("link", { name: /card declined by acme/ }).click();
  await expect(page).toHaveURL(new RegExp(`/traces/${checkout.trace}`));
  await page.goBack();
  await list("Slowest traces").getByRole("link", { name: "Show all" }).click();
  expect(home.param("sort")).toBe("longest");
});

test("shows the demo shop's services, and rates that move", async ({ page, demo }) => {
  const home = new Shell(page, demo);
  await home.open("/");
  for (const service of ["order-service", "inventory-service", "payment-service"]) {
    await expect(page.getByRole("row").filter({ hasText: service })).toBeVisible();
  }
  const spans = page.getByText(/spans\/s$/);
  await expect(spans).not.toHaveText("0 spans/s");
});

test("empty, it teaches how to begin", async ({ page, quiet }) => {
  const home = new Shell(page, quiet);
  await home.open("/");
  await expect(page.getByText("watchglass demo").first()).toBeVisible();
});
