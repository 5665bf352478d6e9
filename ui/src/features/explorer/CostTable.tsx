// Labels by what they cost: how many series would be left without each, and the lines that drop it.
import { Fragment, useState } from "react";
import { count, percent } from "../../model/units";
import type { LabelCost } from "../../wire/api";
import { DropLines } from "./DropLines";

/** Dropping these would break what the series mean, or hide whose they are. */
export const structural = ["le", "quantile", "job", "instance"];

type CostTableProps = {
  costs: readonly LabelCost[];
  /** Whether the labels are of several metrics. */
  mixed?: boolean;
  onPick?: (metric: string) => void;
};

export function CostTable({ costs, mixed = false, onPick }: CostTableProps) {
  const [open, setOpen] = useState("");
  return (
    <table className="table cost-table">
      <thead>
        <tr>
          {mixed && <th>Metric</th>}
          <th>Label</th>
          <th className="num">Values</th>
          <th className="num">Series</th>
          <th className="num">Without it</th>
          <th className="num">Saves</th>
          <th>
            <span className="sr-only">Share</span>
          </th>
          <th>
            <span className="sr-only">Lines</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {costs.map((cost) => {
          const { metric, label, values, series, without } = cost;
          const saved = series === 0 ? 0 : 1 - without / series;
          const id = `${metric} ${label}`;
          const part = structural.includes(label);
          return (
            <Fragment key={id}>
              <tr>
                {mixed && (
                  <td>
                    <button
                      type="button"
                      className="mono cut counts-pick"
                      onClick={() => onPick?.(metric)}
                    >
                      {metric}
                    </button>
                  </td>
                )}
                <td className="mono">
                  {label}
                  {part && <span className="label"> part of what the series means</span>}
                </td>
                <td className="num">{count(values)}</td>
                <td className="num">{count(series)}</td>
                <td className="num">{count(without)}</td>
                <td className="num">{percent(saved)}</td>
                <td className="explain-bar" aria-hidden>
                  <span style={{ width: `${saved * 100}%` }} />
                </td>
                <td className="num">
                  {!part && without < series && (
                    <button
                      type="button"
                      className="button"
                      data-size="small"
                      aria-expanded={open === id}
                      aria-label={`How to drop ${label} of ${metric}`}
                      onClick={() => setOpen(open === id ? "" : id)}
                    >
                      Drop it
                    </button>
                  )}
                </td>
              </tr>
              {open === id && (
                <tr className="cost-lines">
                  <td colSpan={mixed ? 8 : 7}>
                    <DropLines cost={cost} />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}
