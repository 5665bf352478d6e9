// Of all metrics, the labels without which most series would be saved.
import { useState } from "react";
import { Button } from "../../design/Button";
import { exact, percent } from "../../model/units";
import { changeParams } from "../../routes/address";
import type { LabelCost } from "../../wire/api";
import { CostTable } from "./CostTable";

const FIRST = 5;

type DearestLabelsProps = { costs: readonly LabelCost[]; total: number };

export function DearestLabels({ costs, total }: DearestLabelsProps) {
  const [all, setAll] = useState(false);
  const [best] = costs;
  if (!best) return null;
  const saved = best.series - best.without;
  return (
    <section className="panel metric-cost" aria-label="What to drop">
      <p className="cost-advice">
        <strong>What to drop:</strong> <code>{best.label}</code> of <code>{best.metric}</code> would
        save most, {exact(saved)} of {exact(total)} series{" "}
        <span className="ok">(−{percent(saved / Math.max(1, total))})</span>.
      </p>
      <CostTable
        costs={all ? costs : costs.slice(0, FIRST)}
        mixed
        onPick={(metric) => changeParams({ metric })}
      />
      {!all && costs.length > FIRST && (
        <p className="cost-more">
          <Button size="small" onClick={() => setAll(true)}>
            Show all {exact(costs.length)}
          </Button>
        </p>
      )}
    </section>
  );
}
