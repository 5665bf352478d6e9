// The feed joins pages and tail without doubles, holds while paused, and counts what it lets go.
import { describe, expect, it } from "vitest";
import type { LogRecord, Logs } from "../../wire/api";
import { logFeed, TAIL_CAPACITY } from "./logFeed";

function record(id: number): LogRecord {
  const empty = { attributes: [], dropped_attributes_count: 0, schema_url: "" };
  return {
    id: String(id),
    time: String(1_000_000 + id),
    observed_time: "0",
    severity_number: 9,
    severity_text: "INFO",
    body: { stringValue: `message ${id}` },
    event_name: "",
    service: "web",
    trace_id: "",
    span_id: "",
    flags: 0,
    attributes: [],
    dropped_attributes_count: 0,
    resource: empty,
    scope: { ...empty, name: "", version: "" },
  };
}

type Tail = (batch: { records: LogRecord[]; missed: number }) => void;

async function opened(first: Logs, next?: Logs) {
  let tail: Tail = () => undefined;
  const feed = logFeed({
    page: (cursor) => Promise.resolve(cursor === null ? first : (next ?? first)),
    tail: (onBatch) => {
      tail = onBatch;
      return () => undefined;
    },
    frame: (run) => run(),
  });
  await Promise.resolve();
  await Promise.resolve();
  const ids = () => Array.from({ length: feed.state().size }, (_, i) => feed.row(i)?.id);
  return {
    feed,
    tail: (...batch: number[]) => tail({ records: batch.map(record), missed: 0 }),
    ids,
  };
}

const page = (ids: number[], cursor: string | null = null): Logs => ({
  records: ids.map(record),
  cursor,
  complete: true,
});

describe("log feed", () => {
  it("puts the tail above the page, newest first, without doubles", async () => {
    const { tail, ids } = await opened(page([3, 2, 1]));
    tail(3, 5, 4);
    expect(ids()).toEqual(["5", "4", "3", "2", "1"]);
  });

  it("puts a record that arrives late in its place", async () => {
    const { tail, ids } = await opened(page([1]));
    tail(5, 9);
    tail(7);
    tail(10, 6);
    expect(ids()).toEqual(["10", "9", "7", "6", "5", "1"]);
  });

  it("appends older pages by cursor", async () => {
    const { feed, ids } = await opened(page([4, 3], "c"), page([2, 1]));
    feed.older();
    await Promise.resolve();
    await Promise.resolve();
    expect(ids()).toEqual(["4", "3", "2", "1"]);
    expect(feed.state().more).toBe(false);
  });

  it("holds new records while paused and shows them afterwards", async () => {
    const { feed, tail, ids } = await opened(page([1]));
    feed.pause(true);
    tail(2, 3);
    expect([ids(), feed.state().waiting]).toEqual([["1"], 2]);
    feed.pause(false);
    expect([ids(), feed.state().waiting]).toEqual([["3", "2", "1"], 0]);
  });

  it("counts what does not fit while paused", async () => {
    const { feed, tail } = await opened(page([]));
    feed.pause(true);
    tail(...Array.from({ length: TAIL_CAPACITY + 7 }, (_, i) => i));
    expect([feed.state().waiting, feed.state().lost]).toEqual([TAIL_CAPACITY, 7]);
  });
});
