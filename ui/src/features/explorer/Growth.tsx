// How the number of series moved over the range: of everything, or of the chosen metric.
import { useMemo } from "react";
import { useRangeQueries } from "../../backend/prometheus";
import { TimeSeries } from "../../charts/TimeSeries";
import { useTokens } from "../../charts/tokens";
import { selector } from "../../model/labelSets";
import { pointsOf } from "../../model/matrix";
import { rangeParams, windowOf } from "../../model/range";
import { stepOf } from "../../model/step";
import { count, exact } from "../../model/units";
import { changeParams } from "../../routes/address";
import { useTimeRange } from "../../routes/useTimeRange";

export function Growth({ metric }: { metric: string }) {
  const range = useTimeRange();
  const tokens = useTokens();
  const asked = useMemo(
    () => [{ letter: "A", text: `count(${metric === "" ? '{__name__!=""}' : selector(metric)})` }],
    [metric],
  );
  const { start, end } = windowOf(range, Date.now());
  // Counting everything is dear: a quarter of the usual points will do.
  const step = stepOf(((end - start) / 1000) * 4, "");
  const state = useRangeQueries({ asked, range, live: false }, step);
  const drawn = windowOf(range, state.dataUpdatedAt || Date.now());
  const points = useMemo(() => {
    const answer = state.data?.[0]?.answer;
    const [element] = answer?.matrix ?? [];
    return element && answer ? pointsOf(element, answer.step) : { times: [], values: [] };
  }, [state.data]);
  const real = points.values.filter((one) => one !== null);
  const [first = 0, last = 0] = [real[0], real.at(-1)];
  const grown = last - first;
  const lines = useMemo(
    () => [{ id: "series", name: "series", colour: tokens.colour.accent, shown: true, ...points }],
    [points, tokens],
  );
  return (
    <section className="panel growth" aria-label="Growth">
      <h2>
        Series {metric === "" ? "of everything" : <span className="mono">{metric}</span>}
        <span className="dim growth-words">
          {real.length === 0
            ? ""
            : grown === 0
              ? `steady at ${exact(last)}`
              : `${grown > 0 ? "+" : "−"}${exact(Math.abs(grown))} over the range, now ${exact(last)}`}
        </span>
      </h2>
      <div className="growth-plot">
        <TimeSeries
          lines={lines}
          from={drawn.start}
          to={drawn.end}
          unit={count}
          label="Number of series over time"
          onNarrow={(from, to) => changeParams(rangeParams({ kind: "absolute", from, to }))}
        />
      </div>
    </section>
  );
}
