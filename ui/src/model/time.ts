// Instants: decimal strings of unix nanoseconds on the wire, numbers of milliseconds for drawing.

export function nanosToMs(nanos: string): number {
  // Number keeps 53 bits: about a quarter of a microsecond today, finer than any pixel.
  return Number(nanos) / 1e6;
}

export function msToNanos(ms: number): string {
  const whole = Math.floor(ms);
  const rest = Math.round((ms - whole) * 1e6);
  return (BigInt(whole) * 1_000_000n + BigInt(rest)).toString();
}

export function addNanos(nanos: string, offset: number): string {
  return (BigInt(nanos) + BigInt(Math.round(offset))).toString();
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Local wall clock: `14:03:07.120`. */
export function clock(ms: number, fraction: 0 | 3 = 0): string {
  const at = new Date(ms);
  const base = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return fraction === 0 ? base : `${base}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

/** Local date: `2026-11-21`. */
export function day(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Everything there is to know of an instant, for hovers and copying. */
export function exactTime(nanos: string): string {
  const ms = nanosToMs(nanos);
  return `${day(ms)} ${clock(ms)}.${nanos.slice(-9).padStart(9, "0")}`;
}

/** `just now`, `12 s ago`; from a minute on the clock, from a day on the date too. */
export function ago(ms: number, now: number): string {
  const seconds = (now - ms) / 1000;
  if (seconds < 1.5) return "just now";
  if (seconds < 60) return `${Math.round(seconds)} s ago`;
  if (day(ms) === day(now)) return clock(ms);
  return `${day(ms)} ${clock(ms)}`;
}

/** What `<input type="datetime-local" step="1">` reads and writes. */
export function toInputTime(ms: number): string {
  return `${day(ms)}T${clock(ms)}`;
}
