// How many series there are, of what, since when, and which label of a metric to drop.
import { useMemo } from "react";
import { type Cardinality, useCardinality } from "../../backend/cardinality";
import { useRangeQueries } from "../../backend/prometheus";
import { TimeSeries } from "../../charts/TimeSeries";
import { useTokens } from "../../charts/tokens";
import { selector } from "../../model/labelSets";
import { pointsOf } from "../../model/matrix";
import { rangeParams, windowOf } from "../../model/range";
import { stepOf } from "../../model/step";
import { count, exact, percent } from "../../model/units";
import { MetricTabs } from "../../panels/MetricTabs";
import { Answered, Empty } from "../../panels/States";
import { changeParams, useAddress } from "../../routes/address";
import { Link } from "../../routes/Link";
import { toConnect } from "../../routes/links";
import { useTimeRange } from "../../routes/useTimeRange";
import type { NamedCount } from "../../wire/prometheus";
import { MetricCost } from "./MetricCost";
import "./explorer.css";
import "./cardinality.css";

export function CardinalityPage() {
  const range = useTimeRange();
  const metric = useAddress().params.get("metric") ?? "";
  const state = useCardinality(range);
  return (
    <div className="page cardinality">
      <header className="explorer-head">
        <MetricTabs />
        {state.data && <Totals found={state.data} />}
      </header>
      <Answered state={state} what="the number of series">
        {(found) =>
          found.series === 0 ? (
            <Empty title="No series yet">
              <p className="ink2">
                Series are counted as soon as metrics arrive.{" "}
                <Link className="link" to={toConnect()}>
                  Connect a service
                </Link>
              </p>
            </Empty>
          ) : (
            <>
              <Growth metric={metric} />
              {metric !== "" && <MetricCost name={metric} range={range} />}
              <div className="cardinality-tables">
                <Counts
                  title="Metrics"
                  unit="series"
                  rows={found.names}
                  total={found.series}
                  chosen={metric}
                  onPick={(name) => changeParams({ metric: name === metric ? null : name })}
                />
                <Counts title="Labels" unit="values" rows={found.labels} />
                <Counts
                  title="Label values"
                  unit="series"
                  rows={found.pairs}
                  total={found.series}
                />
              </div>
            </>
          )
        }
      </Answered>
    </div>
  );
}

function Totals({ found }: { found: Cardinality }) {
  const words =
    found.source === "statistics"
      ? "by the store's own statistics"
      : "counted at the end of the range";
  return (
    <span className="dim">
      <strong className="ink2">{exact(found.series)} series</strong> {words}
    </span>
  );
}

/** How the number of series moved over the range: of everything, or of the chosen metric. */
function Growth({ metric }: { metric: string }) {
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

type CountsProps = {
  title: string;
  unit: string;
  rows: readonly NamedCount[];
  /** What all together are: a share of it is shown. */
  total?: number;
  chosen?: string;
  onPick?: (name: string) => void;
};

function Counts({ title, unit, rows, total, chosen, onPick }: CountsProps) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return (
    <section className="panel counts" aria-label={title}>
      <table className="table">
        <thead>
          <tr>
            <th>{title}</th>
            <th className="num">{unit}</th>
            {total !== undefined && <th className="num">share</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, value }) => (
            <tr key={name} data-chosen={name === chosen}>
              <td className="counts-name">
                <span className="counts-bar" style={{ width: `${(value / most) * 100}%` }} />
                {onPick ? (
                  <button
                    type="button"
                    className="mono cut counts-pick"
                    aria-pressed={name === chosen}
                    title={name}
                    onClick={() => onPick(name)}
                  >
                    {name}
                  </button>
                ) : (
                  <span className="mono cut" title={name}>
                    {name}
                  </span>
                )}
              </td>
              <td className="num" title={exact(value)}>
                {count(value)}
              </td>
              {total !== undefined && <td className="num dim">{percent(value / total)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
