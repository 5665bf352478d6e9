// Adding or changing one part of a filter sentence: first which field or attribute, then which value.
import { useState } from "react";
import { PickList } from "../design/PickList";
import { useDebounced } from "../design/useDebounced";
import {
  type AttributeFilter,
  type Operator,
  operatorWord,
  parseFilter,
} from "../model/attributes";
import type { TimeRange } from "../model/range";
import type { Completion, FilterField } from "./filterFields";
import { useKeyCompletion, useValueCompletion } from "./useCompletion";

type Stage =
  | { kind: "field" }
  | { kind: "value"; field: FilterField }
  | { kind: "attribute"; key: string };

type AddFilterProps = {
  fields: readonly FilterField[];
  completion: Completion;
  range: TimeRange;
  start?: Stage;
  onField: (id: string, value: string) => void;
  onAttribute: (filter: AttributeFilter) => void;
};

export type { Stage };

export function AddFilter({
  fields,
  completion,
  range,
  start,
  onField,
  onAttribute,
}: AddFilterProps) {
  const [stage, setStage] = useState<Stage>(start ?? { kind: "field" });
  const back = () => setStage({ kind: "field" });
  if (stage.kind === "value") {
    return (
      <ValueStage
        field={stage.field}
        onBack={back}
        onValue={(value) => onField(stage.field.id, value)}
      />
    );
  }
  if (stage.kind === "attribute") {
    return (
      <AttributeStage
        name={stage.key}
        completion={completion}
        range={range}
        onBack={back}
        onDone={onAttribute}
      />
    );
  }
  return (
    <FieldStage
      fields={fields}
      completion={completion}
      range={range}
      onStage={setStage}
      onAttribute={onAttribute}
    />
  );
}

type FieldStageProps = Pick<AddFilterProps, "fields" | "completion" | "range" | "onAttribute"> & {
  onStage: (stage: Stage) => void;
};

function FieldStage({ fields, completion, range, onStage, onAttribute }: FieldStageProps) {
  const [text, setText] = useState("");
  const prefix = useDebounced(text, 120);
  const keys = useKeyCompletion({ completion, range, prefix }, !/[=~]/.test(text));
  const wanted = text.toLowerCase();
  const own = fields.filter((field) => field.label.includes(wanted));
  const typed = /[=~]/.test(text) ? parseFilter(text) : null;
  const found = typed
    ? []
    : keys.items.filter((offer) => offer.text.toLowerCase().includes(wanted));
  return (
    <PickList
      text={text}
      onText={setText}
      label="Filter by"
      placeholder="field or attribute, or key=value"
      items={[
        ...(typed
          ? []
          : own.map((field) => ({
              id: `f:${field.id}`,
              label: field.verb === "is" ? field.label : `${field.label} ${field.verb}`,
              group: "Fields",
            }))),
        ...found.slice(0, 100).map((offer) => ({
          id: `a:${offer.text}`,
          label: <span className="mono">{offer.text}</span>,
          note: offer.note,
          group: "Attributes",
        })),
      ]}
      empty={
        typed
          ? `Enter adds ${text}`
          : "No such field or attribute in this time range. key=value works anyway."
      }
      onPick={(id) => {
        const field = fields.find((one) => `f:${one.id}` === id);
        onStage(field ? { kind: "value", field } : { kind: "attribute", key: id.slice(2) });
      }}
      onFree={(free) => {
        const filter = parseFilter(free);
        if (filter && filter.operator !== "exists") onAttribute(filter);
        else {
          const first = own[0];
          if (first) onStage({ kind: "value", field: first });
          else if (filter) onStage({ kind: "attribute", key: filter.key });
        }
      }}
    />
  );
}

type ValueStageProps = { field: FilterField; onBack: () => void; onValue: (value: string) => void };

function ValueStage({ field, onBack, onValue }: ValueStageProps) {
  const [text, setText] = useState("");
  const wanted = text.toLowerCase();
  const options = (field.options ?? []).filter(({ value }) => value.toLowerCase().includes(wanted));
  const fault = text.trim() === "" ? null : (field.check?.(text) ?? null);
  const take = (value: string) => {
    if (!field.check?.(value)) onValue(value);
  };
  return (
    <PickList
      text={text}
      onText={setText}
      label={`${field.label} ${field.verb}`}
      placeholder={`${field.label} ${field.verb} ${field.hint}`}
      items={options.map(({ value, note }) => ({ id: value, label: value, note }))}
      empty={
        fault ??
        (text.trim() === ""
          ? field.hint
          : field.closed
            ? "No such value"
            : `Enter takes “${text.trim()}”`)
      }
      onBack={onBack}
      onPick={take}
      onFree={field.closed ? undefined : take}
    />
  );
}

const operators: readonly Operator[] = ["=", "!=", "~", "exists"];

type AttributeStageProps = {
  name: string;
  completion: Completion;
  range: TimeRange;
  onBack: () => void;
  onDone: (filter: AttributeFilter) => void;
};

function AttributeStage({ name, completion, range, onBack, onDone }: AttributeStageProps) {
  const [text, setText] = useState("");
  const [operator, setOperator] = useState<Operator>("=");
  const prefix = useDebounced(text, 120);
  const values = useValueCompletion({ completion, range, prefix }, name);
  const wanted = text.toLowerCase();
  const found = values.items.filter((offer) => offer.text.toLowerCase().includes(wanted));
  const done = (value: string) => onDone({ key: name, operator, value });
  return (
    <PickList
      text={text}
      onText={setText}
      label={`Value of ${name}`}
      placeholder={`${name} ${operatorWord(operator)} …`}
      items={found.slice(0, 200).map((offer) => ({
        id: `v:${offer.text}`,
        label: <span className="mono">{offer.text === "" ? "(empty)" : offer.text}</span>,
        note: offer.note,
      }))}
      empty={
        values.looking
          ? "Looking…"
          : text === ""
            ? "No values in this time range"
            : `Enter takes “${text}”`
      }
      onBack={onBack}
      onPick={(id) => done(id.slice(2))}
      onFree={done}
    >
      <div className="operators" role="radiogroup" aria-label="How to compare">
        {operators.map((one) => (
          <button
            key={one}
            type="button"
            role="radio"
            aria-checked={one === operator}
            className="operator"
            onPointerDown={(event) => event.preventDefault()}
            onClick={() =>
              one === "exists" ? onDone({ key: name, operator: one, value: "" }) : setOperator(one)
            }
          >
            {operatorWord(one)}
          </button>
        ))}
      </div>
    </PickList>
  );
}
