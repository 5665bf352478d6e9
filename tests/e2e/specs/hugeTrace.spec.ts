// A trace of 100,000 spans opens and scrolls.
import { expect, test } from "../fixtures";
import type { Instance } from "../instance";
import { span, traces } from "../otlp";
import { TracePage } from "../pages/traces";

const SPANS = 100_000;
const TRACE = "b16b00000000000000000000000000ff";
const id = (number: number) => number.toString(16).padStart(16, "0");

/** A tree in which each span has four children, sent in pieces. */
async function sendHuge(to: Instance): Promise<void> {
  const start = Date.now() - 60_000;
  for (let first = 1; first <= SPANS; first += 10_000) {
    const spans = Array.from({ length: 10_000 }, (_, i) => {
      const number = first + i;
      const parent = Math.floor((number + 2) / 4);
      return span({
        trace: TRACE,
        id: id(number),
        parent: number === 1 ? "" : id(parent),
        name: `step ${number % 50}`,
        start: start + Math.log2(number) * 100,
        lasts: 5_000 / (1 + Math.log2(number)),
        attributes: { number },
      });
    });
    await to.send("traces", traces(`service-${first % 7}`, spans));
  }
}

test("opens and scrolls", async ({ page, quiet }) => {
  await sendHuge(quiet);
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    const note = (list: PerformanceObserverEntryList) =>
      tasks.push(...list.getEntries().map((entry) => entry.duration));
    new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
  });
  const trace = new TracePage(page, quiet);
  const begun = Date.now();
  await trace.open(`/traces/${TRACE}`);
  await expect(trace.spans.first()).toBeAttached();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const opened = Date.now() - begun;
  await expect(trace.spans.first()).toHaveAttribute("aria-setsize", String(SPANS));
  const longest = () =>
    page.evaluate(() => {
      const tasks = (window as unknown as { longTasks: number[] }).longTasks;
      return Math.round(Math.max(0, ...tasks.splice(0)));
    });
  const whileOpening = await longest();
  const scrolled = await page.getByTestId("waterfall").evaluate(async (element) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    let slowest = 0;
    for (let step = 1; step <= 120; step += 1) {
      const before = performance.now();
      element.scrollTop = (element.scrollHeight * step) / 120;
      await frame();
      slowest = Math.max(slowest, performance.now() - before);
    }
    return Math.round(slowest);
  });
  const whileScrolling = await longest();
  await expect(trace.spans.last()).toHaveAttribute("aria-posinset", String(SPANS));
  console.log(
    `100,000 spans: opened in ${opened} ms, longest task ${whileOpening} ms; ` +
      `scrolling: slowest frame ${scrolled} ms, longest task ${whileScrolling} ms`,
  );
  expect(opened).toBeLessThan(15_000);
  expect(whileScrolling).toBeLessThan(1_000);
});
