// Where to put the marks of an axis: round numbers, few enough to read.

const roundSteps = [1, 2, 5, 10];

export function niceStep(span: number, wanted: number): number {
  if (!(span > 0) || wanted < 1) return 1;
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = roundSteps.find((candidate) => candidate * power >= raw * 0.999) ?? 10;
  return step * power;
}

/** Offsets (ns, ms, anything linear) from `from` to `to`. */
export function linearTicks(from: number, to: number, wanted: number): number[] {
  const step = niceStep(to - from, wanted);
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step - 1e-9) * step + 0; at <= to + step * 1e-9; at += step)
    ticks.push(at);
  return ticks;
}

const clockSteps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3,
  900e3, 1800e3, 3600e3, 7200e3, 10800e3, 21600e3, 43200e3, 86400e3, 172800e3, 604800e3,
];

/** Wall-clock ticks in ms, on round local times. */
export function clockTicks(
  from: number,
  to: number,
  wanted: number,
): { ticks: number[]; step: number } {
  const raw = (to - from) / Math.max(1, wanted);
  const step = clockSteps.find((candidate) => candidate >= raw) ?? 604800e3;
  const zone = new Date(from).getTimezoneOffset() * 60_000;
  const ticks: number[] = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at <= to; at += step) ticks.push(at);
  return { ticks, step };
}

/** Powers of ten inside a range of positive numbers; where that is one or two, twice and five times them too. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from(
    { length: Math.floor(Math.log10(high)) - first + 1 },
    (_, i) => 10 ** (first + i),
  );
  const inside = (tick: number) => tick >= low && tick <= high;
  const tens = powers.filter(inside);
  return tens.length > 2 ? tens : powers.flatMap((ten) => [ten, 2 * ten, 5 * ten]).filter(inside);
}
