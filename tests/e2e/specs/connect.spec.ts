// Connect: lines to paste, and at once whether something came of them.
import { expect, test } from "../fixtures";
import { span, traces } from "../otlp";
import { Shell } from "../pages/shell";

test("shows lines for each language with the right address", async ({ page, quiet }) => {
  const connect = new Shell(page, quiet);
  await connect.open("/connect");
  const address = quiet.otlp.replace("http://", "");
  await expect(page.getByRole("region", { name: "Addresses" })).toContainText(address);
  const tabs = page.getByRole("tablist", { name: "Language" }).getByRole("tab");
  expect(await tabs.count()).toBeGreaterThan(3);
  for (const tab of await tabs.all()) {
    await tab.click();
    await expect(page.getByRole("region", { name: "Lines to paste" }).locator("pre").first()).toBeVisible();
  }
  await expect(page.getByRole("region", { name: "Lines to paste" })).toContainText(/127\.0\.0\.1:\d+/);
});

test("turns to received when data comes", async ({ page, quiet }) => {
  const connect = new Shell(page, quiet);
  await connect.open("/connect");
  const arrivals = page.getByTestId("arrivals");
  await expect(arrivals).toContainText("Waiting for the first");
  const one = span({ trace: "1".repeat(32), id: "1".repeat(16), name: "hello", start: Date.now(), lasts: 3 });
  await quiet.send("traces", traces("newcomer", [one]));
  await expect(arrivals).toContainText("Received 1 spans");
  await expect(arrivals).toContainText("newcomer");
  await arrivals.getByRole("link", { name: "Newest trace" }).click();
  await expect(page).toHaveURL(/1{32}/);
});

test("names a mistake of a sender", async ({ page, quiet }) => {
  const connect = new Shell(page, quiet);
  await connect.open("/connect");
  await fetch(`${quiet.otlp}/traces`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  await expect(page.getByText("Wrong path").first()).toBeVisible();
});
