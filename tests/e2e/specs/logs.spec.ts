// Logs: narrowed, followed, opened, and the way to their trace and back.
import { expect, test } from "../fixtures";
import { logs } from "../otlp";
import { LogsPage } from "../pages/logs";
import { TracePage } from "../pages/traces";

test("narrows by text, severity and attribute", async ({ page, shop }) => {
  const list = new LogsPage(page, shop);
  await list.open("/logs?service=order-service&live=off");
  await expect(list.total).toHaveText("400 records");
  await list.text.fill("out of stock");
  await expect(list.total).toHaveText("57 records");
  await list.text.fill("");
  await list.filter("severity", "warn");
  await expect(list.total).toHaveText("114 records");
  await page.goto(`${shop.url}/logs?live=off&attribute=order.id%3D1006`);
  await expect(list.total).toHaveText("1 records");
  await expect(list.rows).toContainText(["order 1006 failed: out of stock"]);
});

test("loads older records while one scrolls", async ({ page, shop }) => {
  const list = new LogsPage(page, shop);
  await list.open("/logs?service=order-service&live=off");
  await expect(list.rows.first()).toBeVisible();
  await expect
    .poll(async () => {
      await page.getByTestId("log-scroll").evaluate((element) => element.scrollTo({ top: 1e6 }));
      return list.rows.last().innerText();
    })
    .toContain("order 1000 accepted");
});

test("opens a record and goes to its trace and back", async ({ page, shop }) => {
  const list = new LogsPage(page, shop);
  await list.open("/logs?service=payment-service");
  await list.row("card declined by acme").click();
  await expect(list.detail).toContainText("card.brand");
  // What is open is written into the address after a pause.
  await expect.poll(() => list.param("open")).not.toBe(null);
  await list.detail.getByRole("link", { name: /^Open in trace/ }).click();
  const trace = new TracePage(page, shop);
  await expect(trace.selected).toHaveAttribute("aria-label", /POST \/payments/);
  await page.goBack();
  await expect(list.detail).toContainText("card.brand");
});

test("follows what arrives", async ({ page, quiet }) => {
  const list = new LogsPage(page, quiet);
  await quiet.send("logs", logs("live", [{ time: Date.now(), severity: 9, body: "number 0" }]));
  await list.open("/logs");
  await expect(list.rows).toContainText(["number 0"]);
  for (let number = 1; number <= 5; number += 1) {
    await quiet.send("logs", logs("live", [{ time: Date.now(), severity: 9, body: `number ${number}` }]));
    await expect(list.rows.first()).toContainText(`number ${number}`);
  }
  await list.follow.click();
  await quiet.send("logs", logs("live", [{ time: Date.now(), severity: 9, body: "while paused" }]));
  await page.getByRole("button", { name: "1 new" }).click();
  await expect(list.rows.first()).toContainText("while paused");
});
