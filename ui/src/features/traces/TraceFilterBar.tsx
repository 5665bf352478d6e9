// The filter sentence of the Traces page, completed from what is there.
import { useOperations, useServices } from "../../backend/services";
import { noTraceFilters, type TraceFilters, traceParams } from "../../model/filters";
import type { TimeRange } from "../../model/range";
import { count, duration, durationParameter, parseDuration } from "../../model/units";
import { FilterBar } from "../../panels/FilterBar";
import type { Completion, FilterField } from "../../panels/filterFields";
import { changeParams } from "../../routes/address";

function durationFault(text: string): string | null {
  return parseDuration(text) === null ? "A duration such as 100ms, 1.5s or 2m" : null;
}

/** `1.5 s` is kept as `1500ms`, which every reader of durations understands, and shown as `1.5 s`. */
function tidyDuration(text: string): string {
  return durationParameter(parseDuration(text) ?? 0);
}

function readableDuration(text: string): string {
  const nanos = parseDuration(text);
  return nanos === null ? text : duration(nanos);
}

const durations = ["10ms", "100ms", "500ms", "1s", "5s"].map((value) => ({ value }));

const completion: Completion = { kind: "stored", signal: "traces" };

export function TraceFilterBar({ filters, range }: { filters: TraceFilters; range: TimeRange }) {
  const services = useServices(range, false);
  const operations = useOperations(filters.service, range, true);
  const fields: FilterField[] = [
    {
      id: "service",
      label: "service",
      verb: "is",
      hint: "name",
      options: (services.data?.services ?? []).map(({ name, spans }) => ({
        value: name,
        note: count(spans),
      })),
    },
    {
      id: "operation",
      label: "operation",
      verb: "is",
      hint: filters.service === "" ? "name; choose a service first to complete" : "name",
      options: (operations.data?.operations ?? []).map(({ name, spans }) => ({
        value: name,
        note: count(spans),
      })),
    },
    {
      id: "status",
      label: "status",
      verb: "is",
      hint: "ok, error or unset",
      options: [{ value: "error" }, { value: "ok" }, { value: "unset" }],
      closed: true,
    },
    {
      id: "minDuration",
      label: "duration",
      verb: "≥",
      hint: "100ms",
      options: durations,
      check: durationFault,
      show: readableDuration,
    },
    {
      id: "maxDuration",
      label: "duration",
      verb: "≤",
      hint: "2s",
      options: durations,
      check: durationFault,
      show: readableDuration,
    },
  ];
  const change = (part: Partial<TraceFilters>) =>
    changeParams(traceParams({ ...filters, ...part }));
  return (
    <FilterBar
      subject="Traces"
      fields={fields}
      values={{ ...filters, attributes: "" }}
      attributes={filters.attributes}
      completion={completion}
      range={range}
      onField={(id, value) => {
        const tidy = id.endsWith("Duration") && value !== "" ? tidyDuration(value) : value;
        change({ [id]: tidy, ...(id === "service" ? { operation: "" } : {}) });
      }}
      onAttributes={(attributes) => change({ attributes })}
      onClear={() => change(noTraceFilters)}
    />
  );
}
