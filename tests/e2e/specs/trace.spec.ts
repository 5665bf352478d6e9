// One trace: opened, folded, walked, searched; a span in full.
import { expect, test } from "../fixtures";
import { TracePage, TracesPage } from "../pages/traces";
import { checkout } from "../shopData";

const address = `/traces/${checkout.trace}`;

test("opens from the list with all of its spans", async ({ page, shop }) => {
  const traces = new TracesPage(page, shop);
  await traces.open("/traces?service=payment-service");
  await traces.openFirst();
  const trace = new TracePage(page, shop);
  await expect(trace.spans).toHaveCount(checkout.spans);
  await expect(page).toHaveURL(new RegExp(checkout.trace));
  await expect(page.getByRole("banner").or(page.locator(".trace-header"))).toContainText(["POST /checkout"]);
  await expect(trace.span(/POST \/payments .* error 2 logs/)).toHaveCount(1);
  await expect(trace.span(/POST \/checkout/)).toHaveAttribute("aria-level", "1");
  await expect(trace.span(/SELECT accounts/)).toHaveAttribute("aria-level", "4");
});

test("folds and opens spans with the keyboard", async ({ page, shop }) => {
  const trace = new TracePage(page, shop);
  await trace.open(address);
  await expect(trace.spans).toHaveCount(checkout.spans);
  await page.keyboard.press("c");
  await expect(trace.spans).toHaveCount(3);
  await page.keyboard.press("x");
  await expect(trace.spans).toHaveCount(checkout.spans);
  await page.keyboard.press("ArrowDown");
  await expect(trace.selected).toHaveAttribute("aria-label", /POST \/checkout/);
  await page.keyboard.press("ArrowLeft");
  await expect(trace.spans).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await expect(trace.spans).toHaveCount(checkout.spans);
  await page.keyboard.press("End");
  await expect(trace.selected).toHaveAttribute("aria-label", /SELECT accounts/);
});

test("shows a span in full", async ({ page, shop }) => {
  const trace = new TracePage(page, shop);
  await trace.open(address);
  await trace.span(/POST \/payments/).click();
  await expect(trace.details).toContainText("card declined");
  await expect(trace.details).toContainText("payment.provider");
  await expect(trace.details).toContainText("acme");
  await expect(trace.details).toContainText("host.name");
  await trace.choosePart("Events");
  await expect(trace.details).toContainText("at charge (till.js:42:7)");
  await trace.choosePart("Links");
  await expect(trace.details.getByRole("link", { name: /^trace/ })).toHaveCount(1);
  await trace.choosePart("Logs");
  await expect(trace.details).toContainText("card declined by acme");
});

test("never shows a picture stretched while its box grows", async ({ page, shop }) => {
  const trace = new TracePage(page, shop);
  await trace.open(address);
  await expect(trace.spans).toHaveCount(checkout.spans);
  const off = await page.evaluate(async () => {
    const canvas = document.querySelector<HTMLCanvasElement>(".waterfall > canvas");
    const body = document.querySelector<HTMLElement>(".trace-body");
    if (!canvas || !body) throw new Error("there is no waterfall");
    const frame = () => new Promise(requestAnimationFrame);
    let most = 0;
    for (let i = 1; i <= 20; i += 1) {
      body.style.marginTop = `${i * 7}px`;
      // The first call is before this change is laid out, the second after its frame was shown.
      await frame();
      await frame();
      const drawn = canvas.height / devicePixelRatio;
      most = Math.max(most, Math.abs(drawn - canvas.getBoundingClientRect().height));
      most = Math.max(most, Math.abs(drawn - (canvas.parentElement?.clientHeight ?? 0)));
    }
    return most;
  });
  expect(off).toBeLessThan(1);
});

test("keeps the colours of services apart and across a reload", async ({ page, demo }) => {
  const home = new TracePage(page, demo);
  await home.open("/");
  const dots = () =>
    page.locator("tbody .dot").evaluateAll((all) => all.map((dot) => getComputedStyle(dot).backgroundColor));
  await expect(page.locator("tbody .dot")).toHaveCount(6);
  const before = await dots();
  expect(new Set(before).size).toBe(6);
  await page.reload();
  await expect(page.locator("tbody .dot")).toHaveCount(6);
  expect((await dots()).sort()).toEqual(before.sort());
});

test("finds within the trace", async ({ page, shop }) => {
  const trace = new TracePage(page, shop);
  await trace.open(address);
  await expect(trace.spans).toHaveCount(checkout.spans);
  await page.keyboard.press("/");
  await expect(trace.find).toBeFocused();
  await trace.find.fill("acme");
  await expect(trace.findCount).toHaveText("1");
  await trace.find.press("Enter");
  await expect(trace.selected).toHaveAttribute("aria-label", /POST \/payments/);
  await trace.find.fill("POST");
  await expect(trace.findCount).toContainText("3");
  await trace.find.press("Escape");
  await expect(trace.find).toHaveValue("");
});

test("keeps what is selected, folded and found across a reload", async ({ page, shop }) => {
  const trace = new TracePage(page, shop);
  await trace.open(address);
  await trace.span(/POST \/payments/).click();
  await trace.find.fill("acme");
  await expect.poll(() => trace.param("q")).toBe("acme");
  const before = page.url();
  await page.reload();
  await expect(trace.selected).toHaveAttribute("aria-label", /POST \/payments/);
  await expect(trace.details).toContainText("payment.provider");
  await expect(trace.find).toHaveValue("acme");
  expect(page.url()).toBe(before);
});

test("says so when there is no such trace", async ({ page, shop, complaints }) => {
  const trace = new TracePage(page, shop);
  await trace.open("/traces/00000000000000000000000000000bad");
  await expect(page.getByText(/no .*trace|not found|unknown/i).first()).toBeVisible();
  // The browser itself reports the 404.
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("404")));
});

test("shows where the time went in what the waterfall leaves free", async ({ page, shop }) => {
  const trace = new TracePage(page, shop);
  await trace.open(`/traces/${checkout.trace}`);
  const summary = page.getByRole("region", { name: "Time by service and operation" });
  await expect(summary.locator("tbody tr")).toHaveCount(6);
  const payment = summary.getByRole("row").filter({ hasText: "POST /payments" });
  await expect(payment).toContainText("payment-service");
  await expect(payment).toContainText("640 ms");
  await expect(payment).toContainText("550 ms");
  await payment.getByRole("button").click();
  await expect(trace.selected).toHaveAccessibleName(/POST \/payments/);
});

test("leaves a trace of many spans its whole height", async ({ page, quiet }) => {
  const spans = Array.from({ length: 60 }, (_, i) => ({
    traceId: "ab".repeat(16),
    spanId: (i + 1).toString(16).padStart(16, "0"),
    parentSpanId: i === 0 ? "" : "1".padStart(16, "0"),
    name: `step ${i}`,
    kind: 1,
    startTimeUnixNano: `${(Date.now() - 5_000) * 1000}000`,
    endTimeUnixNano: `${(Date.now() - 4_000) * 1000}000`,
  }));
  await quiet.send("traces", { resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });
  const trace = new TracePage(page, quiet);
  await trace.open(`/traces/${"ab".repeat(16)}`);
  await expect(trace.spans.first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Time by service and operation" }).locator("tbody")).toBeHidden();
  const waterfall = await page.getByTestId("waterfall").boundingBox();
  expect(waterfall?.height).toBeGreaterThan(400);
});
