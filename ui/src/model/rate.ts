// From a running total to a per-second rate. A total that falls was reset: what it shows now came since then.

export function perSecond(
  times: readonly number[],
  values: readonly (number | null)[],
): (number | null)[] {
  const rates: (number | null)[] = [];
  let lastTime = Number.NaN;
  let lastValue = Number.NaN;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? null;
    const time = times[i] ?? Number.NaN;
    if (value === null) {
      rates.push(null);
      continue;
    }
    const seconds = (time - lastTime) / 1000;
    rates.push(seconds > 0 ? increase(lastValue, value) / seconds : null);
    lastTime = time;
    lastValue = value;
  }
  return rates;
}

/** Values that already are differences: each covers the time since the point before it. */
export function deltaPerSecond(
  times: readonly number[],
  values: readonly (number | null)[],
): (number | null)[] {
  return values.map((value, i) => {
    const seconds = ((times[i] ?? 0) - (times[i - 1] ?? Number.NaN)) / 1000;
    return value === null || !(seconds > 0) ? null : value / seconds;
  });
}

export function increase(before: number, after: number): number {
  return after >= before ? after - before : after;
}
