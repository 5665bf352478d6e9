// When the log records of a trace were written, by the row of the span that wrote them.
import type { LogRecord } from "../wire/api";
import type { SpanTree } from "./spanTree";

/** Nanoseconds from the trace's start, by row; a record without a span of this trace is left out. */
export type SpanLogs = ReadonlyMap<number, readonly number[]>;

export const noLogs: SpanLogs = new Map();

type Written = Pick<LogRecord, "time" | "span_id">;

export function spanLogs(
  tree: SpanTree,
  traceStart: string,
  records: readonly Written[],
): SpanLogs {
  if (records.length === 0) return noLogs;
  const start = BigInt(traceStart);
  const rows = new Map(tree.ids.map((id, row) => [id, row]));
  const logs = new Map<number, number[]>();
  for (const { time, span_id } of records) {
    const row = rows.get(span_id);
    if (row === undefined) continue;
    const offset = Number(BigInt(time) - start);
    const sofar = logs.get(row);
    if (sofar) sofar.push(offset);
    else logs.set(row, [offset]);
  }
  return logs;
}
