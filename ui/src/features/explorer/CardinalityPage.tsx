// How many series there are, of what, since when, and which label of which metric to drop.
import { useCardinality } from "../../backend/cardinality";
import { matcher, selector } from "../../model/labelSets";
import { describeRange } from "../../model/range";
import { bytes, exact } from "../../model/units";
import { MetricTabs } from "../../panels/MetricTabs";
import { Answered, Empty } from "../../panels/States";
import { changeParams, useAddress } from "../../routes/address";
import { Link } from "../../routes/Link";
import { toConnect, toQuery, toTargets } from "../../routes/links";
import { useTimeRange } from "../../routes/useTimeRange";
import type { Cardinality } from "../../wire/api";
import { type CountRow, CountTable } from "./CountTable";
import { DearestLabels } from "./DearestLabels";
import { Growth } from "./Growth";
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
          found.total.series === 0 ? (
            <Nothing />
          ) : (
            <>
              <Growth metric={metric} />
              {metric === "" ? (
                <DearestLabels costs={found.costs} total={found.total.series} />
              ) : (
                <MetricCost name={metric} range={range} />
              )}
              <Tables found={found} metric={metric} />
            </>
          )
        }
      </Answered>
    </div>
  );
}

function Nothing() {
  const range = useTimeRange();
  return (
    <Empty title={`No series in the ${describeRange(range)}`}>
      <p className="ink2">
        Series are counted as soon as metrics arrive:{" "}
        <Link className="link" to={toConnect()}>
          connect a service
        </Link>{" "}
        or{" "}
        <Link className="link" to={toTargets()}>
          scrape one
        </Link>
        .
      </p>
    </Empty>
  );
}

function Totals({ found: { total } }: { found: Cardinality }) {
  const range = useTimeRange();
  return (
    <span className="dim">
      <strong className="ink2">{exact(total.series)} series</strong> in the {describeRange(range)},{" "}
      {exact(total.after)} of them alive at its end ·{" "}
      <span title="Names and values of the labels of all these series">
        {bytes(total.bytes)} of labels
      </span>
    </span>
  );
}

function Tables({ found, metric }: { found: Cardinality; metric: string }) {
  const { total } = found;
  const share = (series: number) => series / Math.max(1, total.series);
  const ofMetric = ({ name, share: own }: Cardinality["metrics"][number]): CountRow => ({
    name,
    value: own.series,
    share: share(own.series),
    bytes: own.bytes,
  });
  const pick = (name: string) => changeParams({ metric: name === metric ? null : name });
  return (
    <div className="cardinality-tables">
      <div>
        <CountTable
          title="Metrics"
          unit="series"
          rows={found.metrics.map(ofMetric)}
          chosen={metric}
          onPick={pick}
        />
        <CountTable
          title="Labels"
          unit="values"
          rows={found.labels.map(({ name, values, bytes: size }) => ({
            name,
            value: values,
            bytes: size,
            link: toQuery(
              `count by (${/^\w+$/.test(name) ? name : JSON.stringify(name)}) ({__name__!=""})`,
            ),
          }))}
        />
      </div>
      <div>
        <CountTable
          title="Grown most"
          unit="more"
          rows={found.grown.map(({ name, share: own }) => ({
            name,
            value: own.after - own.before,
            from: own.before,
            now: own.after,
          }))}
          empty="No metric has more series at the end of the range than at its beginning."
          chosen={metric}
          onPick={pick}
        />
        <CountTable
          title="Label values"
          unit="series"
          rows={found.pairs.map(({ name, value, series, bytes: size }) => ({
            name: `${name}=${value}`,
            value: series,
            share: share(series),
            bytes: size,
            link: toQuery(`count by (__name__) (${selector("", [matcher(name, "=", value)])})`),
          }))}
        />
      </div>
    </div>
  );
}
