// One metric's labels by what they cost: how many series would be left if each were dropped.
import { X } from "lucide-react";
import { type MetricCardinality, useMetricCardinality } from "../../backend/cardinality";
import { Button } from "../../design/Button";
import { selector } from "../../model/labelSets";
import type { TimeRange } from "../../model/range";
import { count, exact, percent } from "../../model/units";
import { Answered } from "../../panels/States";
import { changeParams } from "../../routes/address";
import { Link } from "../../routes/Link";
import { toQuery } from "../../routes/links";

/** Dropping these would break what the series mean. */
const structural = ["le", "quantile"];

export function MetricCost({ name, range }: { name: string; range: TimeRange }) {
  const state = useMetricCardinality(name, range);
  return (
    <section className="panel metric-cost" aria-label={`Labels of ${name}`}>
      <div className="panel-head">
        <h2 className="mono cut">{name}</h2>
        <Link className="link" to={toQuery(selector(name))}>
          Query it
        </Link>
        <span className="spacer" />
        <Button
          tone="plain"
          icon
          size="small"
          aria-label="Close"
          onClick={() => changeParams({ metric: null })}
        >
          <X size={13} />
        </Button>
      </div>
      <Answered state={state} what={`the labels of ${name}`}>
        {(found) => (
          <>
            <Advice found={found} />
            <Costs found={found} />
          </>
        )}
      </Answered>
    </section>
  );
}

function Advice({ found: { series, labels } }: { found: MetricCardinality }) {
  const best = labels.find(({ label }) => !structural.includes(label));
  if (series === 0)
    return <p className="cost-advice ink2">It has no series at the end of the range.</p>;
  const saved = best ? series - best.without : 0;
  if (!best || saved < series * 0.2) {
    return (
      <p className="cost-advice ink2">
        No single label makes it large: dropping one would save less than a fifth of its{" "}
        {exact(series)} series.
      </p>
    );
  }
  return (
    <p className="cost-advice">
      <code>{best.label}</code> costs most: without it {exact(best.without)} of {exact(series)}{" "}
      series would be left <span className="ok">(−{percent(saved / series)})</span>. Drop it where
      it is recorded, or read <code>sum without ({best.label}) (…)</code>.
    </p>
  );
}

function Costs({ found: { series, labels } }: { found: MetricCardinality }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Label</th>
          <th className="num">Values</th>
          <th className="num">Series without it</th>
          <th className="num">Saves</th>
          <th>
            <span className="sr-only">Share</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {labels.map(({ label, values, without }) => (
          <tr key={label}>
            <td className="mono">
              {label}
              {structural.includes(label) && <span className="label"> part of the histogram</span>}
            </td>
            <td className="num">{count(values)}</td>
            <td className="num">{count(without)}</td>
            <td className="num">{series === 0 ? "–" : percent((series - without) / series)}</td>
            <td className="explain-bar" aria-hidden>
              <span style={{ width: `${series === 0 ? 0 : (1 - without / series) * 100}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
