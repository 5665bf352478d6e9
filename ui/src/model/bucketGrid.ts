// Histograms of a range query, classic (`le`) or native, as the grid that a heat map draws.
import type { MatrixElement, WireBucket } from "../wire/prometheus";
import type { HeatGrid } from "./histogram";
import { numberOf } from "./matrix";

/** More rows would be thinner than a pixel: neighbours are joined until they fit. */
const MOST_ROWS = 120;

export type BucketFrame = { start: number; end: number; step: number };

/** Null where the answer has no buckets. Times of the frame in seconds, of the grid in ms. */
export function bucketGrid(
  elements: readonly MatrixElement[],
  frame: BucketFrame,
): HeatGrid | null {
  if (elements.some(({ histograms }) => histograms && histograms.length > 0))
    return nativeGrid(elements, frame);
  const classic = elements.filter(({ metric }) => metric.le !== undefined);
  return classic.length > 0 ? classicGrid(classic, frame) : null;
}

function emptyCells(frame: BucketFrame, rows: number): number[][] {
  const columns = Math.max(1, Math.round((frame.end - frame.start) / frame.step) + 1);
  return Array.from({ length: columns }, () => new Array<number>(rows).fill(0));
}

function columnOf(time: number, frame: BucketFrame): number {
  return Math.round((time - frame.start) / frame.step);
}

/** What is at or under each bound, made into what is between them; series of one bound are added up. */
function classicGrid(elements: readonly MatrixElement[], frame: BucketFrame): HeatGrid {
  const all = [...new Set(elements.map(({ metric }) => numberOf(metric.le ?? "")))];
  const bounds = all.sort((a, b) => a - b).filter(Number.isFinite);
  const under = emptyCells(frame, bounds.length + 1);
  for (const { metric, values = [] } of elements) {
    const found = bounds.indexOf(numberOf(metric.le ?? ""));
    const row = found < 0 ? bounds.length : found;
    for (const [time, text] of values) add(under[columnOf(time, frame)], row, numberOf(text));
  }
  const cells = under.map((column) =>
    column.map((value, row) => Math.max(0, value - (column[row - 1] ?? 0))),
  );
  return gridOf(cells, bounds, frame);
}

/** Buckets of all scales lie on one set of bounds: a wide one is spread over the narrow ones it covers. */
function nativeGrid(elements: readonly MatrixElement[], frame: BucketFrame): HeatGrid {
  const samples = elements.flatMap(({ histograms = [] }) => histograms);
  const ends = samples.flatMap(([, { buckets = [] }]) => buckets.flatMap(endsOf));
  const bounds = thinned([...new Set(ends)].sort((a, b) => a - b));
  const rowOf = new Map(bounds.map((bound, row) => [bound, row]));
  const cells = emptyCells(frame, bounds.length + 1);
  for (const [time, { buckets = [] }] of samples) {
    const column = cells[columnOf(time, frame)];
    for (const bucket of buckets) {
      const [low, high] = endsOf(bucket);
      // Row r lies between bounds r-1 and r.
      const first = (rowOf.get(low ?? 0) ?? rowAt(bounds, low ?? 0)) + 1;
      const last = Math.max(first, rowOf.get(high ?? 0) ?? rowAt(bounds, high ?? 0));
      const share = numberOf(bucket[3]) / (last - first + 1);
      for (let row = first; row <= last; row += 1) add(column, row, share);
    }
  }
  return gridOf(cells, bounds, frame);
}

function endsOf([, low, high]: WireBucket): number[] {
  return [numberOf(low), numberOf(high)];
}

/** The row whose upper bound is the first at or over the value. */
function rowAt(bounds: readonly number[], value: number): number {
  const row = bounds.findIndex((bound) => bound >= value);
  return row < 0 ? bounds.length - 1 : row;
}

function thinned(bounds: readonly number[]): number[] {
  const every = Math.ceil(bounds.length / MOST_ROWS);
  return bounds.filter((_, i) => i % every === 0 || i === bounds.length - 1);
}

function add(column: number[] | undefined, row: number, value: number): void {
  if (column && row < column.length && Number.isFinite(value))
    column[row] = (column[row] ?? 0) + value;
}

/** A sample tells of the step that ends at it: its column stands before it. */
function gridOf(cells: number[][], bounds: number[], frame: BucketFrame): HeatGrid {
  const peak = cells.reduce((most, column) => Math.max(most, ...column), 0);
  const width = frame.step * 1000;
  return { start: frame.start * 1000 - width, width, bounds, cells, peak };
}
