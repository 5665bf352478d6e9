// One metric's labels by what they cost: how many series would be left if each were dropped.
import { X } from "lucide-react";
import { useLabelCosts } from "../../backend/cardinality";
import { Button } from "../../design/Button";
import { selector } from "../../model/labelSets";
import type { TimeRange } from "../../model/range";
import { exact, percent } from "../../model/units";
import { Answered } from "../../panels/States";
import { changeParams } from "../../routes/address";
import { Link } from "../../routes/Link";
import { toQuery } from "../../routes/links";
import type { LabelCost } from "../../wire/api";
import { CostTable, structural } from "./CostTable";

export function MetricCost({ name, range }: { name: string; range: TimeRange }) {
  const state = useLabelCosts(name, range);
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
        {({ labels }) => (
          <>
            <Advice costs={labels} />
            <CostTable costs={labels} />
          </>
        )}
      </Answered>
    </section>
  );
}

function Advice({ costs }: { costs: readonly LabelCost[] }) {
  const best = costs.find(({ label }) => !structural.includes(label));
  const series = best?.series ?? 0;
  if (!best || series === 0)
    return <p className="cost-advice ink2">It has no series with labels in this range.</p>;
  const saved = series - best.without;
  if (saved < series * 0.2) {
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
      series would be left <span className="ok">(−{percent(saved / series)})</span>.
    </p>
  );
}
