// One query's buckets over time. What has none is told how to get some.
import { useMemo } from "react";
import type { Outcome, RangeAnswer } from "../../backend/prometheus";
import type { Mark } from "../../charts/exemplarMarks";
import { HeatMap } from "../../charts/HeatMap";
import { bucketGrid } from "../../model/bucketGrid";
import { queryUnit, type UnitOf, unitWriter } from "../../model/queryUnit";
import type { Window } from "../../model/range";
import { ExemplarLinks } from "../../panels/ExemplarLinks";
import { Empty } from "../../panels/States";
import { goTo } from "../../routes/Link";
import { toTrace } from "../../routes/links";

type HeatViewProps = {
  outcome: Outcome<RangeAnswer>;
  marks: readonly Mark[];
  window: Window;
  known: UnitOf;
};

export function HeatView({ outcome: { text, answer }, marks, window, known }: HeatViewProps) {
  const grid = useMemo(() => (answer ? bucketGrid(answer.matrix, answer) : null), [answer]);
  const unit = useMemo(
    () => unitWriter(queryUnit(`histogram_quantile(0, ${text})`, known)),
    [text, known],
  );
  if (!answer) return null;
  if (!grid || grid.peak === 0) {
    return (
      <Empty title={grid ? "Nothing fell into the buckets in this time range" : "No buckets here"}>
        <p className="ink2">
          A heat map needs a histogram: <code>sum by (le) (rate(x_bucket[5m]))</code>, or{" "}
          <code>sum(rate(x[5m]))</code> where <code>x</code> is a native histogram.
        </p>
      </Empty>
    );
  }
  return (
    <>
      <section className="panel explorer-plot" aria-label="Heat map">
        <HeatMap
          grid={grid}
          from={window.start}
          to={window.end}
          unit={unit}
          marks={marks}
          onMark={(mark) => goTo(toTrace(mark.traceId, mark.spanId))}
        />
      </section>
      <ExemplarLinks marks={marks} unit={unit} />
    </>
  );
}
