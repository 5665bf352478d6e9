// What metrics were received: one row each, narrowed by a text.
import { useMemo } from "react";
import { useMetrics } from "../../backend/metrics";
import { useKeys } from "../../design/useKeys";
import { describeRange } from "../../model/range";
import { exact } from "../../model/units";
import { MetricTabs } from "../../panels/MetricTabs";
import { SendLines } from "../../panels/SendLines";
import { Answered, Empty } from "../../panels/States";
import { Link } from "../../routes/Link";
import { toConnect } from "../../routes/links";
import { useParam } from "../../routes/useParam";
import { useLive, useTimeRange } from "../../routes/useTimeRange";
import type { Metric } from "../../wire/api";
import { MetricTable } from "./MetricTable";
import "./metrics.css";

function matches(metric: Metric, words: readonly string[]): boolean {
  const text = `${metric.name} ${metric.description} ${metric.type} ${metric.unit} ${metric.services.join(" ")} ${metric.label_keys.join(" ")}`;
  const all = text.toLowerCase();
  return words.every((word) => all.includes(word));
}

export function MetricsPage() {
  const range = useTimeRange();
  const metrics = useMetrics(range, useLive());
  const [text, setText] = useParam("text");
  const words = useMemo(() => text.toLowerCase().split(/\s+/).filter(Boolean), [text]);
  useKeys({ "/": () => document.getElementById("metric-text")?.focus() });
  return (
    <div className="page metrics">
      <div className="metrics-bar">
        <MetricTabs />
        <input
          id="metric-text"
          className="field metrics-text"
          placeholder="Name, service, label…  /"
          aria-label="Filter metrics"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        {metrics.data && <Totals metrics={metrics.data.metrics} />}
      </div>
      <Answered state={metrics} what="metrics">
        {({ metrics: all }) => {
          const shown = all.filter((metric) => matches(metric, words));
          if (all.length === 0) {
            return (
              <Empty title={`No metrics in the ${describeRange(range)}`}>
                <p className="ink2">
                  OpenTelemetry SDKs export metrics every 60 s unless told otherwise. While
                  developing, ask for 5 s:
                </p>
                <SendLines
                  more={[
                    "export OTEL_METRICS_EXPORTER=otlp",
                    "export OTEL_METRIC_EXPORT_INTERVAL=5000",
                  ]}
                />
                <Link to={toConnect()} className="link">
                  Connect a service
                </Link>
              </Empty>
            );
          }
          if (shown.length === 0) {
            return (
              <Empty title={`None of ${exact(all.length)} metrics matches “${text}”`}>
                <button type="button" className="button" onClick={() => setText("")}>
                  Show all
                </button>
              </Empty>
            );
          }
          return <MetricTable metrics={shown} />;
        }}
      </Answered>
    </div>
  );
}

function Totals({ metrics }: { metrics: readonly Metric[] }) {
  const series = metrics.reduce((sum, metric) => sum + metric.series, 0);
  const points = metrics.reduce((sum, metric) => sum + metric.points, 0);
  return (
    <span className="dim">
      {exact(metrics.length)} metrics · {exact(series)} series · {exact(points)} points
    </span>
  );
}
