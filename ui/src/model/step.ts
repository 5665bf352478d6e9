// The step of a range query: round, coarse enough for a picture, and within what the API answers.

/** Points a picture wants. */
const WANTED = 240;
/** Prometheus refuses more points a series than this. */
const MOST = 11_000;

const roundSeconds = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

export const stepChoices = ["1s", "5s", "15s", "30s", "1m", "5m", "15m", "1h"] as const;

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `15s`, `5m`, `1h`; what is not one is nothing. */
export function parseStep(text: string): number | null {
  const found = /^(\d{1,5})([smhd])$/.exec(text.trim());
  const seconds = Number(found?.[1]) * (unitSeconds[found?.[2] ?? ""] ?? 0);
  return seconds > 0 ? seconds : null;
}

export function printSeconds(seconds: number): string {
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
  ] as const)
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  return `${seconds}s`;
}

function rounded(seconds: number): number {
  return roundSeconds.find((one) => one >= seconds * 0.999) ?? Math.ceil(seconds / 86_400) * 86_400;
}

/** The chosen step, or the one that suits the range; never so fine that the API would refuse. */
export function stepOf(spanSeconds: number, chosen: string): number {
  const wanted = parseStep(chosen) ?? rounded(spanSeconds / WANTED);
  return wanted * MOST >= spanSeconds ? wanted : rounded(spanSeconds / MOST);
}

/** The window on multiples of the step, so that one second later the same points are asked for. */
export function onGrid(from: number, to: number, step: number): { start: number; end: number } {
  return { start: Math.floor(from / 1000 / step) * step, end: Math.floor(to / 1000 / step) * step };
}

/** A window for `rate`: four steps, and never less than what a usual export or scrape interval needs. */
export function rateWindow(spanSeconds: number): string {
  return printSeconds(Math.max(300, rounded(stepOf(spanSeconds, "") * 4)));
}
