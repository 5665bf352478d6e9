// The relabelling rules of a job in their order, each with what it changed on this target, and where the target ended.
import { Ban } from "lucide-react";
import {
  type Fate,
  type LabelChange,
  labelChanges,
  type RuleEffect,
  ruleLines,
} from "../../model/relabelling";
import type { LabelSet } from "../../wire/prometheus";
import { changeSigns } from "./LabelComparison";

type RuleListProps = {
  effects: readonly RuleEffect[];
  /** The labels that the last rule left. */
  left: LabelSet;
  /** The labels that its series have. */
  labels: LabelSet;
  dropped: boolean;
};

const fateWords: Record<Fate, string> = {
  left: "changes nothing here",
  changed: "",
  dropped: "drops the target",
  unreached: "not reached",
};

export function RuleList({ effects, left, labels, dropped }: RuleListProps) {
  return (
    <ol className="rules">
      {effects.length === 0 && <li className="rule dim">The job has no relabel_configs.</li>}
      {effects.map(({ rule, fate, changes }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what tells two equal rules apart
        <li key={i} className="rule" data-fate={fate}>
          <p className="rule-head">
            <span className="rule-number">{i + 1}</span>
            <code>{ruleLines(rule).join("  ")}</code>
            {fate === "dropped" && <Ban size={13} className="bad" aria-hidden />}
            <span className={fate === "dropped" ? "bad" : "dim"}>{fateWords[fate]}</span>
          </p>
          <Changes changes={changes} />
        </li>
      ))}
      {!dropped && Object.keys(labels).length > 0 && <Finish left={left} labels={labels} />}
    </ol>
  );
}

/** What Prometheus does after the rules: `instance` from the address where no rule set it, and nothing with `__` stays. */
function Finish({ left, labels }: { left: LabelSet; labels: LabelSet }) {
  const changes = labelChanges(left, labels).filter(({ kind }) => kind !== "same");
  const hidden = changes.filter(({ name, kind }) => kind === "removed" && name.startsWith("__"));
  const rest = changes.filter((one) => !hidden.includes(one));
  return (
    <li className="rule" data-fate="finish">
      <p className="rule-head">
        <span className="rule-number" aria-hidden>
          ⇥
        </span>
        <span className="dim">
          At the end{" "}
          {hidden.length > 0
            ? `${hidden.length} labels that begin with __ are taken away`
            : "nothing begins with __"}
          {labels.instance !== undefined &&
            left.instance === undefined &&
            ", and the address becomes the instance"}
        </span>
      </p>
      <Changes changes={rest} />
    </li>
  );
}

function Changes({ changes }: { changes: readonly LabelChange[] }) {
  if (changes.length === 0) return null;
  return (
    <ul className="changes">
      {changes.map(({ name, before, after, kind }) => (
        <li key={name} className="mono" data-change={kind}>
          <span className="change-sign" title={changeSigns[kind][1]}>
            <span aria-hidden>{changeSigns[kind][0]}</span>
            <span className="sr-only">{changeSigns[kind][1]} </span>
          </span>
          <span>{name}</span>{" "}
          {kind !== "added" && (
            <span className={kind === "removed" ? "was" : "was dim"}>{before}</span>
          )}
          {kind === "changed" && <span className="dim">→</span>}
          {kind !== "removed" && <span>{after}</span>}
        </li>
      ))}
    </ul>
  );
}
