// Two label sets side by side: what came, what went, what is another now.
import { type ChangeKind, labelChanges } from "../../model/relabelling";
import type { LabelSet } from "../../wire/prometheus";

export const changeSigns: Record<ChangeKind, readonly [sign: string, word: string]> = {
  added: ["+", "added"],
  removed: ["−", "removed"],
  changed: ["~", "changed"],
  same: ["", ""],
};

type LabelComparisonProps = { before: LabelSet; after: LabelSet; dropped: boolean };

export function LabelComparison({ before, after, dropped }: LabelComparisonProps) {
  return (
    <table className="table comparison">
      <thead>
        <tr>
          <th className="comparison-sign">
            <span className="sr-only">Change</span>
          </th>
          <th>Label</th>
          <th>Discovered</th>
          <th>{dropped ? "Dropped: none" : "Final"}</th>
        </tr>
      </thead>
      <tbody>
        {labelChanges(before, after).map(({ name, before: was, after: is, kind }) => {
          const [sign, word] = changeSigns[kind];
          return (
            <tr key={name} data-change={dropped ? "same" : kind}>
              <td className="change-sign" title={dropped ? "" : word}>
                {!dropped && <span aria-hidden>{sign}</span>}
                {!dropped && <span className="sr-only">{word}</span>}
              </td>
              <td className="mono">{name}</td>
              <td className="mono comparison-value">{was}</td>
              <td className="mono comparison-value">{is}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
