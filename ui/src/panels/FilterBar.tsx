// A filter that reads as a sentence: "Traces where service is order and duration > 1 s". Chips change on click.
import { Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../design/Button";
import { Popup } from "../design/Popup";
import { useKeys } from "../design/useKeys";
import { type AttributeFilter, operatorWord, printFilter } from "../model/attributes";
import type { TimeRange } from "../model/range";
import { AddFilter, type Stage } from "./AddFilter";
import type { Completion, FilterField } from "./filterFields";
import { ServiceDot } from "./ServiceName";
import "./filterBar.css";

type FilterBarProps = {
  subject: string;
  fields: readonly FilterField[];
  values: Readonly<Record<string, string>>;
  attributes: readonly AttributeFilter[];
  completion: Completion;
  range: TimeRange;
  onField: (id: string, value: string) => void;
  onAttributes: (attributes: AttributeFilter[]) => void;
  onClear: () => void;
};

export function FilterBar(props: FilterBarProps) {
  const { subject, fields, values, attributes, completion, range, onField, onAttributes, onClear } =
    props;
  const [adding, setAdding] = useState(false);
  useKeys({ f: () => setAdding(true) });
  const set = fields.filter((field) => (values[field.id] ?? "") !== "");
  const any = set.length + attributes.length > 0;
  const picker = (start: Stage | undefined, done: () => void, replaces?: number) => (
    <AddFilter
      fields={fields}
      completion={completion}
      range={range}
      start={start}
      onField={(id, value) => {
        done();
        onField(id, value);
      }}
      onAttribute={(filter) => {
        done();
        const kept = attributes.filter(
          (one, i) => i !== replaces && printFilter(one) !== printFilter(filter),
        );
        onAttributes([...kept, filter]);
      }}
    />
  );
  return (
    <div className="filter-bar" role="search" aria-label={`Filter ${subject}`}>
      <span className="ink2">
        {subject}
        {any && " where"}
      </span>
      {set.map((field, i) => (
        <Chip
          key={field.id}
          lead={i > 0}
          service={field.id === "service"}
          field={field.label}
          verb={field.verb}
          value={values[field.id] ?? ""}
          shown={field.show?.(values[field.id] ?? "")}
          onRemove={() => onField(field.id, "")}
          picker={(done) => picker({ kind: "value", field }, done)}
        />
      ))}
      {attributes.map((filter, i) => (
        <Chip
          key={printFilter(filter)}
          lead={set.length > 0 || i > 0}
          field={filter.key}
          verb={operatorWord(filter.operator)}
          value={filter.value}
          mono
          onRemove={() => onAttributes(attributes.filter((one) => one !== filter))}
          picker={(done) => picker({ kind: "attribute", key: filter.key }, done, i)}
        />
      ))}
      <Popup
        label="Add a filter"
        open={adding}
        onOpenChange={setAdding}
        trigger={
          <Button size="small" title="Add a filter (f)">
            <Plus size={12} aria-hidden /> Filter
          </Button>
        }
      >
        {picker(undefined, () => setAdding(false))}
      </Popup>
      {any && (
        <Button size="small" tone="plain" onClick={onClear}>
          Clear
        </Button>
      )}
    </div>
  );
}

type ChipProps = {
  lead: boolean;
  field: string;
  verb: string;
  value: string;
  shown?: string;
  mono?: boolean;
  service?: boolean;
  onRemove: () => void;
  picker: (done: () => void) => ReactNode;
};

function Chip({ lead, field, verb, value, shown, mono, service, onRemove, picker }: ChipProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {lead && <span className="dim">and</span>}
      <span className="chip">
        <Popup
          label={`Change ${field}`}
          open={open}
          onOpenChange={setOpen}
          trigger={
            <button type="button" className="chip-text" title={`${field} ${verb} ${value}`}>
              <span className={mono ? "mono" : ""}>{field}</span>{" "}
              <span className="dim">{verb}</span> {service && <ServiceDot name={value} />}{" "}
              <strong className={mono ? "mono" : ""}>{shown ?? value}</strong>
            </button>
          }
        >
          {picker(() => setOpen(false))}
        </Popup>
        <button
          type="button"
          className="chip-remove"
          aria-label={`Remove ${field} ${verb} ${value}`}
          onClick={onRemove}
        >
          <X size={12} aria-hidden />
        </button>
      </span>
    </>
  );
}
