// The time range of a page: relative to now, or two fixed instants. Lives in the address as range= or from= and to=.
import { clock, day, msToNanos } from "./time";

export type TimeRange =
  | { kind: "relative"; text: string; seconds: number }
  | { kind: "absolute"; from: number; to: number };

export const relativeChoices = ["5m", "15m", "1h", "6h", "24h", "7d"] as const;
const DEFAULT_TEXT = "15m";
export const defaultRange: TimeRange = { kind: "relative", text: DEFAULT_TEXT, seconds: 900 };

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

export function parseRelative(text: string): TimeRange | null {
  const found = /^(\d{1,5})([smhd])$/.exec(text.trim());
  if (!found) return null;
  const seconds = Number(found[1]) * (unitSeconds[found[2] ?? ""] ?? 0);
  return seconds > 0 ? { kind: "relative", text: text.trim(), seconds } : null;
}

export function rangeOf(params: URLSearchParams): TimeRange {
  const from = Number(params.get("from") ?? Number.NaN);
  const to = Number(params.get("to") ?? Number.NaN);
  if (Number.isFinite(from) && Number.isFinite(to) && to > from)
    return { kind: "absolute", from, to };
  return parseRelative(params.get("range") ?? "") ?? defaultRange;
}

/** The address parameters of a range; the default leaves no trace. */
export function rangeParams(range: TimeRange): Record<string, string | null> {
  if (range.kind === "absolute") {
    return { range: null, from: String(Math.floor(range.from)), to: String(Math.ceil(range.to)) };
  }
  return { range: range.text === DEFAULT_TEXT ? null : range.text, from: null, to: null };
}

export type Window = { start: number; end: number };

export function windowOf(range: TimeRange, now: number): Window {
  if (range.kind === "absolute") return { start: range.from, end: range.to };
  return { start: now - range.seconds * 1000, end: now };
}

export function apiWindow(range: TimeRange, now: number): { start: string; end: string } {
  const window = windowOf(range, now);
  return { start: msToNanos(window.start), end: msToNanos(window.end) };
}

/** Half a range back or forth; forward of now there is nothing, so it ends there. */
export function shift(range: TimeRange, direction: 1 | -1, now: number): TimeRange {
  const { start, end } = windowOf(range, now);
  const step = ((end - start) / 2) * direction;
  if (end + step > now && direction === 1) {
    return range.kind === "relative"
      ? range
      : { kind: "absolute", from: now - (end - start), to: now };
  }
  return { kind: "absolute", from: start + step, to: end + step };
}

const words: Record<string, string> = { s: "s", m: "min", h: "h", d: "days" };

export function describeRange(range: TimeRange): string {
  if (range.kind === "relative") {
    return `last ${range.text.slice(0, -1)} ${words[range.text.slice(-1)] ?? ""}`;
  }
  const sameDay = day(range.from) === day(range.to);
  const head = `${day(range.from)} ${clock(range.from)}`;
  return `${head} – ${sameDay ? "" : `${day(range.to)} `}${clock(range.to)}`;
}
