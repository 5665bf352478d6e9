// What relabelling did to a target: each rule with what it changed, where it was dropped, and the labels before and after.
import type { LabelSet, RelabelRule, RelabelStep } from "../wire/prometheus";

export type ChangeKind = "added" | "removed" | "changed" | "same";
export type LabelChange = { name: string; before: string; after: string; kind: ChangeKind };

/** Every label of either set, by name. A label that is empty is one that is not there. */
export function labelChanges(before: LabelSet, after: LabelSet): LabelChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.map((name) => {
    const [was, is] = [before[name] ?? "", after[name] ?? ""];
    const kind = was === is ? "same" : was === "" ? "added" : is === "" ? "removed" : "changed";
    return { name, before: was, after: is, kind };
  });
}

/** What became of the labels at a rule: it left them, changed them, dropped the target, or was never reached. */
export type Fate = "left" | "changed" | "dropped" | "unreached";
export type RuleEffect = { rule: RelabelRule; fate: Fate; changes: LabelChange[] };

export function ruleEffects(discovered: LabelSet, steps: readonly RelabelStep[]): RuleEffect[] {
  let before = discovered;
  let gone = false;
  return steps.map(({ rule, output, keep }) => {
    if (gone) return { rule, fate: "unreached", changes: [] };
    if (!keep) {
      gone = true;
      return { rule, fate: "dropped", changes: [] };
    }
    const changes = labelChanges(before, output).filter(({ kind }) => kind !== "same");
    before = output;
    return { rule, fate: changes.length > 0 ? "changed" : "left", changes };
  });
}

/** The labels that the last rule left. */
export function relabelled(discovered: LabelSet, steps: readonly RelabelStep[]): LabelSet {
  return steps.at(-1)?.output ?? discovered;
}

/** Each field as the API and as the file call it, and what it is where it says nothing. */
const fields = [
  ["separator", "separator", ";"],
  ["regex", "regex", "(.*)"],
  ["targetLabel", "target_label", ""],
  ["replacement", "replacement", "$1"],
] as const;

/** A rule as it stands in `prometheus.yml`, without what says nothing: `action` first, a line each. */
export function ruleLines(rule: RelabelRule): string[] {
  const lines = [`action: ${rule.action}`];
  if (rule.sourceLabels && rule.sourceLabels.length > 0)
    lines.push(`source_labels: [${rule.sourceLabels.join(", ")}]`);
  for (const [field, name, usual] of fields) {
    const value = rule[field];
    if (value !== undefined && value !== usual) lines.push(`${name}: ${yamlText(value)}`);
  }
  if (rule.modulus) lines.push(`modulus: ${rule.modulus}`);
  return lines;
}

/** Plain where YAML reads it back as the same text, in single quotes where not. */
export function yamlText(text: string): string {
  const plain = /^[A-Za-z_(/][\w./()*+?|^$-]*$/.test(text);
  const word = /^(true|false|yes|no|on|off|null|y|n)$/i.test(text);
  return plain && !word ? text : `'${text.replace(/'/g, "''")}'`;
}

/** Lines for a job that take a label off one metric: setting it to nothing removes it. */
export function dropLabelLines(metric: string, label: string): string {
  return [
    "metric_relabel_configs:",
    "  - source_labels: [__name__]",
    `    regex: ${yamlText(literal(metric))}`,
    `    target_label: ${yamlText(label)}`,
    "    replacement: ''",
  ].join("\n");
}

/** Lines for a job that leave a metric out. */
export function dropMetricLines(metric: string): string {
  return [
    "metric_relabel_configs:",
    "  - source_labels: [__name__]",
    `    regex: ${yamlText(literal(metric))}`,
    "    action: drop",
  ].join("\n");
}

/** A regular expression that matches this text only. */
function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}
