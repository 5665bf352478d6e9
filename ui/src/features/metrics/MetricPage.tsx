// One metric: its raw series over time, with a legend, its rate where it is a running total, its buckets where it has them.
import { useMemo, useState } from "react";
import { useMetricSeries } from "../../backend/metrics";
import type { Mark } from "../../charts/exemplarMarks";
import { TimeSeries } from "../../charts/TimeSeries";
import { useTheme } from "../../design/theme";
import { readTraceFilters } from "../../model/filters";
import { rangeParams, windowOf } from "../../model/range";
import { nanosToMs } from "../../model/time";
import { exact } from "../../model/units";
import { ExemplarLinks } from "../../panels/ExemplarLinks";
import { Answered, Empty, PartialNote } from "../../panels/States";
import { changeParams, useAddress } from "../../routes/address";
import { goTo } from "../../routes/Link";
import { toTrace } from "../../routes/links";
import { useLive, useTimeRange } from "../../routes/useTimeRange";
import type { MetricSeries } from "../../wire/api";
import { linesOf, offered, readShow, seriesKey, unitOf } from "./lines";
import { MetricBuckets } from "./MetricBuckets";
import { MetricFilterBar } from "./MetricFilterBar";
import { MetricHeader } from "./MetricHeader";
import { SeriesLegend } from "./SeriesLegend";
import "./metrics.css";

const LIMIT = 50;

export function MetricPage({ name }: { name: string }) {
  const { params } = useAddress();
  const { service, attributes } = readTraceFilters(params);
  const range = useTimeRange();
  const state = useMetricSeries({ name, service, attributes, range, limit: LIMIT }, useLive());
  const { start, end } = windowOf(range, state.dataUpdatedAt || Date.now());
  return (
    <div className="page metric">
      <MetricFilterBar service={service} attributes={attributes} range={range} found={state.data} />
      <Answered state={state} what="metric">
        {(found) =>
          found.series.length === 0 ? (
            <Empty title="No series in this time range">
              <p className="ink2">Widen the time range, or take a filter away.</p>
            </Empty>
          ) : (
            <Plots found={found} from={start} to={end} />
          )
        }
      </Answered>
    </div>
  );
}

function Plots({ found, from, to }: { found: MetricSeries; from: number; to: number }) {
  const { params } = useAddress();
  const theme = useTheme();
  const show = readShow(params.get("show"), found);
  const hidden = useMemo(
    () => new Set((params.get("hide") ?? "").split(",").filter(Boolean)),
    [params],
  );
  const [cursor, setCursor] = useState<number | null>(null);
  const lines = useMemo(() => linesOf(found, show, theme, hidden), [found, show, theme, hidden]);
  const unit = useMemo(() => unitOf(found, show), [found, show]);
  const marks = useMemo(
    () => (show === "mean" || show === "value" ? marksOf(found, hidden) : []),
    [found, show, hidden],
  );
  const narrow = (low: number, high: number) =>
    changeParams(rangeParams({ kind: "absolute", from: low, to: high }));
  const hide = (key: string, only: boolean) => {
    const all = found.series.map(seriesKey);
    const next = new Set(only ? all.filter((one) => one !== key) : hidden);
    if (!only && !next.delete(key)) next.add(key);
    const alone = only && hidden.size === all.length - 1 && !hidden.has(key);
    changeParams({ hide: alone ? null : [...next].join(",") || null }, "replace");
  };
  return (
    <>
      <MetricHeader found={found} show={show} choices={offered(found)} />
      <section className="panel metric-plot" aria-label="Series">
        {show === "buckets" ? (
          <MetricBuckets found={found} hidden={hidden} from={from} to={to} />
        ) : (
          <TimeSeries
            lines={lines}
            marks={marks}
            from={from}
            to={to}
            unit={unit}
            label={`${found.name} over time`}
            onNarrow={narrow}
            onMark={(mark) => goTo(toTrace(mark.traceId, mark.spanId))}
            onCursor={setCursor}
          />
        )}
      </section>
      <p className="metric-note">
        <strong>{exact(found.total_series)} series</strong>
        {found.series.length < found.total_series && (
          <PartialNote>the first {found.series.length} are shown; filter to see others</PartialNote>
        )}
        <ExemplarLinks marks={marks} unit={unit} />
      </p>
      <SeriesLegend
        found={found}
        lines={lines}
        unit={unit}
        hidden={hidden}
        cursor={cursor}
        onHide={hide}
      />
    </>
  );
}

function marksOf(found: MetricSeries, hidden: ReadonlySet<string>): Mark[] {
  return found.series
    .filter((series) => !hidden.has(seriesKey(series)))
    .flatMap(({ exemplars }) => exemplars)
    .flatMap(({ time, value, trace_id: traceId, span_id: spanId }) =>
      traceId === "" || value === null ? [] : [{ time: nanosToMs(time), value, traceId, spanId }],
    )
    .slice(-500);
}
