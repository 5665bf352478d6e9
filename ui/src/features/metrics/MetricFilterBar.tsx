// Narrowing the series of a metric by service and by label; offered are the labels it has.
import { type AttributeFilter, toText } from "../../model/attributes";
import { traceParams } from "../../model/filters";
import type { TimeRange } from "../../model/range";
import { FilterBar } from "../../panels/FilterBar";
import type { Completion } from "../../panels/filterFields";
import { changeParams } from "../../routes/address";
import type { MetricSeries } from "../../wire/api";

type MetricFilterBarProps = {
  service: string;
  attributes: AttributeFilter[];
  range: TimeRange;
  found: MetricSeries | undefined;
};

export function MetricFilterBar({ service, attributes, range, found }: MetricFilterBarProps) {
  const services = [...new Set(found?.series.map((series) => series.service) ?? [])];
  const labels = found?.series.flatMap((series) => series.labels) ?? [];
  const completion: Completion = {
    kind: "held",
    keys: [...new Set(labels.map(({ key }) => key))].sort(),
    valuesOf: (key) => [
      ...new Set(labels.filter((label) => label.key === key).map(({ value }) => toText(value))),
    ],
  };
  const change = (part: { service?: string; attributes?: AttributeFilter[] }) =>
    changeParams({ ...traceParams({ service, attributes, ...part }), hide: null });
  return (
    <FilterBar
      subject="Series"
      fields={[
        {
          id: "service",
          label: "service",
          verb: "is",
          hint: "name",
          options: services.map((value) => ({ value })),
        },
      ]}
      values={{ service }}
      attributes={attributes}
      completion={completion}
      range={range}
      onField={(_, value) => change({ service: value })}
      onAttributes={(next) => change({ attributes: next })}
      onClear={() => change({ service: "", attributes: [] })}
    />
  );
}
