// What the instance under test holds: one checkout that failed, known in every detail, and everyday traffic around it.
import type { Instance } from "./instance";
import { exception, exemplar, histogramPoint, logs, metrics, numberPoint, span, traces } from "./otlp";

export const checkout = {
  trace: "c0ffee00000000000000000000000001",
  root: "c0ffee0000000001",
  payment: "c0ffee0000000004",
  spans: 6,
};
/** More traces than the API gives in one answer. */
export const bulk = 1200;

/** Eight digits that differ, as lists show them, then zeros. */
const id = (number: number, digits: number) => number.toString(16).padStart(8, "0").padEnd(digits, "0");

async function sendCheckout(to: Instance, now: number): Promise<void> {
  const { trace, root, payment } = checkout;
  const start = now - 60_000;
  await to.send(
    "traces",
    traces("order-service", [
      span({
        trace,
        id: root,
        name: "POST /checkout",
        start,
        lasts: 850,
        failed: "payment failed",
        attributes: { "http.request.method": "POST", "http.route": "/checkout", "cart.items": 3 },
      }),
      span({ trace, id: "c0ffee0000000002", parent: root, name: "reserve", kind: 3, start: start + 20, lasts: 130 }),
      span({ trace, id: "c0ffee0000000003", parent: root, name: "pay", kind: 3, start: start + 170, lasts: 660 }),
    ]),
  );
  await to.send(
    "traces",
    traces("payment-service", [
      span({
        trace,
        id: payment,
        parent: "c0ffee0000000003",
        name: "POST /payments",
        start: start + 180,
        lasts: 640,
        failed: "card declined",
        attributes: { "payment.provider": "acme", "payment.amount": 49.9 },
        events: [exception(start + 700, "card declined")],
        links: [{ traceId: id(7, 32), spanId: id(7, 16) }],
      }),
      span({ trace, id: "c0ffee0000000005", parent: payment, name: "SELECT accounts", kind: 3, start: start + 200, lasts: 90 }),
    ]),
  );
  await to.send(
    "traces",
    traces("inventory-service", [
      span({ trace, id: "c0ffee0000000006", parent: "c0ffee0000000002", name: "POST /reserve", start: start + 30, lasts: 110 }),
    ]),
  );
  await to.send(
    "logs",
    logs("payment-service", [
      { time: start + 690, severity: 13, body: "card check is slow", trace, span: payment },
      { time: start + 705, severity: 17, body: "card declined by acme", trace, span: payment, attributes: { "card.brand": "visa" } },
    ]),
  );
}

async function sendTraffic(to: Instance, now: number): Promise<void> {
  const orders = Array.from({ length: 60 }, (_, i) =>
    span({
      trace: id(0xa000 + i, 32),
      id: id(0xa000 + i, 16),
      name: i % 3 === 0 ? "GET /orders" : "GET /hello",
      start: now - 600_000 + i * 9_000,
      lasts: 5 + i,
      attributes: { "http.route": i % 3 === 0 ? "/orders" : "/hello", customer: i },
      failed: i % 20 === 19 ? "upstream timed out" : undefined,
    }),
  );
  await to.send("traces", traces("order-service", orders));
  const many = Array.from({ length: bulk }, (_, i) =>
    span({ trace: id(0xb0000 + i, 32), id: id(0xb0000 + i, 16), name: "tick", kind: 1, start: now - 500_000 + i * 300, lasts: 2 }),
  );
  await to.send("traces", traces("bulk-service", many));
  const severities = [5, 9, 9, 9, 9, 13, 17];
  const records = Array.from({ length: 400 }, (_, i) => ({
    time: now - 600_000 + i * 1_400,
    severity: severities[i % severities.length] ?? 9,
    body: `order ${1000 + i} ${i % 7 === 6 ? "failed: out of stock" : "accepted"}`,
    attributes: { "order.id": 1000 + i, region: i % 2 === 0 ? "eu" : "us" },
  }));
  await to.send("logs", logs("order-service", records));
}

async function sendMetrics(to: Instance, now: number): Promise<void> {
  const times = Array.from({ length: 60 }, (_, i) => now - 600_000 + i * 10_000);
  const of = (till: string, factor: number) =>
    times.map((time, i) =>
      numberPoint(time, i * factor, { till }, i === 50 ? [exemplar(time, 12, checkout.trace, checkout.payment)] : []),
    );
  await to.send(
    "metrics",
    metrics("order-service", [
      {
        name: "shop.orders",
        unit: "{order}",
        description: "Orders taken",
        sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [...of("a", 3), ...of("b", 5)] },
      },
      {
        name: "shop.stock",
        unit: "{item}",
        description: "Items in stock",
        gauge: { dataPoints: times.map((time, i) => numberPoint(time, 100 + 20 * Math.sin(i / 5), { item: "book" })) },
      },
      {
        name: "shop.wait",
        unit: "ms",
        description: "Time at the till",
        histogram: {
          aggregationTemporality: 2,
          dataPoints: times.map((time, i) => histogramPoint(time, [i, 3 * i, 2 * i, i])),
        },
      },
    ]),
  );
}

/** Sends all of it, as if it had happened in the last ten minutes. */
export async function fill(to: Instance): Promise<void> {
  const now = Date.now();
  await sendCheckout(to, now);
  await sendTraffic(to, now);
  await sendMetrics(to, now);
}
