// Each rule is told by what it changed, and a target ends at the rule that dropped it.
import { describe, expect, it } from "vitest";
import type { RelabelStep } from "../wire/prometheus";
import { dropLabelLines, labelChanges, ruleEffects, ruleLines, yamlText } from "./relabelling";

const step = (action: string, output: Record<string, string>, keep = true): RelabelStep => ({
  rule: { action },
  output,
  keep,
});

describe("relabelling", () => {
  it("says which labels came, went and changed", () => {
    const kinds = labelChanges({ a: "1", b: "2", c: "3" }, { a: "1", b: "x", d: "4" });
    expect(kinds.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "a same",
      "b changed",
      "c removed",
      "d added",
    ]);
  });
  it("compares each rule with the one before it, and stops where the target is dropped", () => {
    const effects = ruleEffects({ a: "1" }, [
      step("replace", { a: "1", b: "1" }),
      step("keep", { a: "1", b: "1" }),
      step("drop", {}, false),
      step("replace", {}, false),
    ]);
    expect(effects.map(({ fate }) => fate)).toEqual(["changed", "left", "dropped", "unreached"]);
    expect(effects[0]?.changes).toEqual([{ name: "b", before: "", after: "1", kind: "added" }]);
  });
  it("leaves out of a rule what is as usual", () => {
    const rule = {
      action: "replace",
      sourceLabels: ["a", "b"],
      separator: ";",
      regex: "(.+):80",
      targetLabel: "c",
      replacement: "$1",
    };
    expect(ruleLines(rule)).toEqual([
      "action: replace",
      "source_labels: [a, b]",
      "regex: '(.+):80'",
      "target_label: c",
    ]);
  });
});

it.each([
  ["up", "up"],
  ["yes", "'yes'"],
  ["it's", "'it''s'"],
  ["", "''"],
  ["a: b", "'a: b'"],
  ["1", "'1'"],
])("writes %s so that YAML reads it back", (text, written) => expect(yamlText(text)).toBe(written));

it("takes a label off one metric only, whatever its name", () => {
  expect(dropLabelLines("http.hits", "user").split("\n")).toEqual([
    "metric_relabel_configs:",
    "  - source_labels: [__name__]",
    "    regex: 'http\\.hits'",
    "    target_label: user",
    "    replacement: ''",
  ]);
});
