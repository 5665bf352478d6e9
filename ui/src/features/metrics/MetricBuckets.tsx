// The buckets of a histogram as a heat map, all shown series added up.
import { useCallback, useMemo } from "react";
import { HeatMap } from "../../charts/HeatMap";
import { asExplicit } from "../../model/exponential";
import { heatGrid, intervals } from "../../model/histogram";
import { inUnit } from "../../model/units";
import { Empty } from "../../panels/States";
import type { MetricSeries } from "../../wire/api";
import { seriesKey } from "./lines";

type MetricBucketsProps = {
  found: MetricSeries;
  hidden: ReadonlySet<string>;
  from: number;
  to: number;
};

export function MetricBuckets({ found, hidden, from, to }: MetricBucketsProps) {
  const grid = useMemo(() => {
    const explicit =
      found.type === "exponential_histogram" ? asExplicit(found.series) : found.series;
    const bounds = explicit.find((series) => series.bounds)?.bounds ?? [];
    const same = explicit.filter(
      (series) => !hidden.has(seriesKey(series)) && series.bounds?.join() === bounds.join(),
    );
    const all = same.map((series) => intervals(series, found.temporality));
    return heatGrid(all, bounds, from, to, 160);
  }, [found, hidden, from, to]);
  const unit = useCallback((value: number) => inUnit(value, found.unit), [found.unit]);
  if (grid.peak === 0) {
    return (
      <Empty title="No intervals to show yet">
        <p className="ink2">Two exports are needed to know what was added between them.</p>
      </Empty>
    );
  }
  return <HeatMap grid={grid} from={from} to={to} unit={unit} />;
}
