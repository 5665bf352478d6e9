// From raw series to lines: what can be shown of a metric, and each choice worked out.
import type { Line } from "../../charts/TimeSeries";
import { toText } from "../../model/attributes";
import { hash, seriesColours } from "../../model/colours";
import { intervals, mean } from "../../model/histogram";
import { deltaPerSecond, perSecond } from "../../model/rate";
import { nanosToMs } from "../../model/time";
import { inUnit } from "../../model/units";
import type { MetricSeries, Series } from "../../wire/api";

export type Show = "value" | "rate" | "mean" | "count" | "buckets" | "quantiles";

export const showWords: Record<Show, string> = {
  value: "Raw",
  rate: "Per second",
  mean: "Mean",
  count: "Count per second",
  buckets: "Buckets",
  quantiles: "Quantiles",
};

export function offered(found: MetricSeries): Show[] {
  switch (found.type) {
    case "gauge":
      return ["value"];
    case "sum":
      return ["value", "rate"];
    case "histogram":
    case "exponential_histogram":
      return ["mean", "count", "buckets"];
    case "summary":
      return ["quantiles", "mean", "count"];
  }
}

export function readShow(text: string | null, found: MetricSeries): Show {
  const choices = offered(found);
  return choices.find((one) => one === text) ?? choices[0] ?? "value";
}

/** Short and stable: the same label set is the same line after a reload. */
export function seriesKey(series: Series): string {
  return hash(seriesName(series)).toString(36);
}

export function seriesName(series: Series): string {
  const labels = series.labels.map(({ key, value }) => `${key}=${toText(value)}`).sort();
  return [series.service, ...labels].filter(Boolean).join(" ");
}

export function unitOf(found: MetricSeries, show: Show): (value: number) => string {
  if (show === "count" || show === "buckets") return (value) => `${inUnit(value, "1")}/s`;
  if (show === "rate") return (value) => `${inUnit(value, found.unit === "1" ? "" : found.unit)}/s`;
  return (value) => inUnit(value, found.unit);
}

export function linesOf(
  found: MetricSeries,
  show: Show,
  theme: "dark" | "light",
  hidden: ReadonlySet<string>,
): Line[] {
  const colours = seriesColours(found.series.map(seriesName), theme);
  return found.series.flatMap((series, i) => {
    const key = seriesKey(series);
    const base = {
      name: seriesName(series),
      colour: colours[i] ?? "",
      shown: !hidden.has(key),
    };
    if (show === "quantiles") return quantileLines(series, key, base);
    return [{ ...base, id: key, ...pointsOf(series, found, show) }];
  });
}

type Points = { times: number[]; values: (number | null)[] };

function pointsOf(series: Series, found: MetricSeries, show: Show): Points {
  const times = series.times.map(nanosToMs);
  const running = found.temporality !== "delta";
  if (show === "rate" || show === "count" || show === "buckets") {
    const perTime = running ? perSecond : deltaPerSecond;
    return { times, values: perTime(times, series.values) };
  }
  if (show === "mean") {
    const steps = intervals(series, found.temporality);
    return { times: steps.map(({ time }) => time), values: steps.map(mean) };
  }
  return { times, values: series.values };
}

function quantileLines(
  series: Series,
  key: string,
  base: Pick<Line, "name" | "colour" | "shown">,
): Line[] {
  return (series.quantiles ?? []).map(({ quantile, values }) => ({
    ...base,
    name: `${base.name} p${quantile * 100}`,
    id: `${key}.${quantile}`,
    times: series.times.map(nanosToMs),
    values,
  }));
}
