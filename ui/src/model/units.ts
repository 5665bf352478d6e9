// Quantities as people say them: three significant figures, a thin unit, never a bare exponent.

const NBSP = "\u00a0";

/** Three significant figures without trailing zeros: 1.24, 38, 410. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : Math.min(12, 2 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(digits)));
}

/** Nanoseconds: `410 µs`, `38 ms`, `1.24 s`, `2 min 5 s`, `3 h 20 min`. */
export function duration(nanos: number): string {
  const size = Math.abs(nanos);
  if (size < 1e3) return `${Math.round(nanos)}${NBSP}ns`;
  if (size < 999.5e3) return `${significant(nanos / 1e3)}${NBSP}µs`;
  if (size < 999.5e6) return `${significant(nanos / 1e6)}${NBSP}ms`;
  if (size < 60e9) return `${significant(nanos / 1e9)}${NBSP}s`;
  const seconds = Math.round(nanos / 1e9);
  if (size < 3600e9) return join(Math.floor(seconds / 60), "min", seconds % 60, "s");
  if (size < 86400e9)
    return join(Math.floor(seconds / 3600), "h", Math.round((seconds % 3600) / 60), "min");
  return join(Math.floor(seconds / 86400), "d", Math.round((seconds % 86400) / 3600), "h");
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  const head = `${big}${NBSP}${bigUnit}`;
  return small === 0 ? head : `${head} ${small}${NBSP}${smallUnit}`;
}

/** Counts: `812`, `1.24 k`, `3.1 M`. */
export function count(value: number): string {
  const size = Math.abs(value);
  if (size < 1000) return significant(value);
  if (size < 999_500) return `${significant(value / 1e3)}${NBSP}k`;
  if (size < 999.5e6) return `${significant(value / 1e6)}${NBSP}M`;
  return `${significant(value / 1e9)}${NBSP}G`;
}

/** Bytes in powers of 1024, with the short names people use: `312 MB`. */
export function bytes(value: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = value;
  let at = 0;
  while (Math.abs(size) >= 999.5 && at < units.length - 1) {
    size /= 1024;
    at += 1;
  }
  return `${significant(size)}${NBSP}${units[at] ?? "B"}`;
}

/** A ratio as a percentage: `0 %`, `0.4 %`, `12 %`. */
export function percent(ratio: number): string {
  if (ratio > 0 && ratio < 0.0005) return `<0.1${NBSP}%`;
  const value = ratio * 100;
  return `${value >= 10 ? Math.round(value) : Number(value.toFixed(1))}${NBSP}%`;
}

export function rate(perSecond: number): string {
  return `${count(perSecond)}/s`;
}

export function exact(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 9 });
}

const secondUnits: Record<string, number> = {
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  ns: 1,
  min: 60e9,
  h: 3600e9,
};

/**
 * A metric value in its UCUM unit (`s`, `By`, `1`, `{request}/s`, `%`). Annotations in braces are no units
 * (UCUM § 6): they are said once, beside the metric's name, and not at every number.
 */
export function inUnit(value: number, annotated: string): string {
  const unit = annotated.replace(/\{[^}]*\}/g, "").replace(/\/$/, "");
  const seconds = secondUnits[unit];
  if (seconds !== undefined) return value === 0 ? `0${NBSP}${unit}` : duration(value * seconds);
  if (unit === "By" || unit === "bytes") return bytes(value);
  if (unit === "KiBy") return bytes(value * 1024);
  if (unit === "%") return `${significant(value)}${NBSP}%`;
  if (unit === "1" || unit === "") return count(value);
  return unit.startsWith("/") ? `${count(value)}${unit}` : `${count(value)}${NBSP}${unit}`;
}

/** Reads `100ms`, `1.5 s`, `2m`; a bare number is milliseconds. Nothing else. */
export function parseDuration(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|min|h)?\s*$/.exec(text);
  if (!found) return null;
  const unit = found[2] === "m" ? "min" : (found[2] ?? "ms");
  return Number(found[1]) * (secondUnits[unit] ?? 1e6);
}

/** The form the API and addresses take: whole numbers, four figures at most: `410us`, `2156ms`. */
export function durationParameter(nanos: number): string {
  const rounded = Number(Math.max(0, nanos).toPrecision(4));
  if (rounded % 1e9 === 0) return `${rounded / 1e9}s`;
  if (rounded % 1e6 === 0) return `${rounded / 1e6}ms`;
  if (rounded % 1e3 === 0) return `${rounded / 1e3}us`;
  return `${Math.round(rounded)}ns`;
}
