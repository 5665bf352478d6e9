// The filter sentence of the Logs page, with the text field that is used most kept open.
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useServices } from "../../backend/services";
import { useKeys } from "../../design/useKeys";
import { type LogFilters, logParams, noLogFilters } from "../../model/filters";
import type { TimeRange } from "../../model/range";
import { severities } from "../../model/severity";
import { count } from "../../model/units";
import { FilterBar } from "../../panels/FilterBar";
import type { Completion, FilterField } from "../../panels/filterFields";
import { changeParams } from "../../routes/address";

const traceIdFault = (text: string) =>
  /^[0-9a-f]{32}$/i.test(text.trim()) ? null : "32 hexadecimal digits";
const spanIdFault = (text: string) =>
  /^[0-9a-f]{16}$/i.test(text.trim()) ? null : "16 hexadecimal digits";

const completion: Completion = { kind: "stored", signal: "logs" };

export function LogFilterBar({ filters, range }: { filters: LogFilters; range: TimeRange }) {
  const services = useServices(range, false);
  const fields: FilterField[] = [
    {
      id: "service",
      label: "service",
      verb: "is",
      hint: "name",
      options: (services.data?.services ?? []).map(({ name, log_records }) => ({
        value: name,
        note: count(log_records),
      })),
    },
    {
      id: "severity",
      label: "severity",
      verb: "≥",
      hint: "at least",
      options: severities.map((value) => ({ value })),
      closed: true,
    },
    {
      id: "traceId",
      label: "trace id",
      verb: "is",
      hint: "32 hexadecimal digits",
      check: traceIdFault,
    },
    {
      id: "spanId",
      label: "span id",
      verb: "is",
      hint: "16 hexadecimal digits",
      check: spanIdFault,
    },
  ];
  const change = (part: Partial<LogFilters>) =>
    changeParams({ ...logParams({ ...filters, ...part }), open: null });
  return (
    <div className="logs-filters">
      <TextField value={filters.text} onValue={(text) => change({ text })} />
      <FilterBar
        subject="Logs"
        fields={fields}
        values={{
          service: filters.service,
          severity: filters.severity,
          traceId: filters.traceId,
          spanId: filters.spanId,
        }}
        attributes={filters.attributes}
        completion={completion}
        range={range}
        onField={(id, value) =>
          change({ [id]: id.endsWith("Id") ? value.trim().toLowerCase() : value })
        }
        onAttributes={(attributes) => change({ attributes })}
        onClear={() => change({ ...noLogFilters, text: filters.text })}
      />
    </div>
  );
}

function TextField({ value, onValue }: { value: string; onValue: (text: string) => void }) {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setText(value), [value]);
  const latest = useRef(onValue);
  latest.current = onValue;
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => latest.current(text), 300);
    return () => clearTimeout(timer);
  }, [text, value]);
  useKeys({ "/": () => field.current?.focus() });
  return (
    <search className="find-text">
      <Search size={13} className="dim" aria-hidden />
      <input
        ref={field}
        className="find-text-field"
        placeholder="Text in the message  /"
        aria-label="Text in the message"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onValue(text);
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </search>
  );
}
