// The filter sentence of the Targets page; offered are the jobs and labels there are.
import type { AttributeFilter } from "../../model/attributes";
import { printFilter } from "../../model/attributes";
import { labelsOf, type Pool, type TargetFilters } from "../../model/targets";
import { exact } from "../../model/units";
import { FilterBar } from "../../panels/FilterBar";
import type { Completion } from "../../panels/filterFields";
import { changeParams } from "../../routes/address";
import { useTimeRange } from "../../routes/useTimeRange";

type TargetFilterBarProps = { filters: TargetFilters; pools: readonly Pool[] };

export function TargetFilterBar({ filters, pools }: TargetFilterBarProps) {
  const range = useTimeRange();
  const sets = pools.flatMap(({ targets, dropped }) => [...targets, ...dropped].map(labelsOf));
  const completion: Completion = {
    kind: "held",
    keys: [...new Set(sets.flatMap((set) => Object.keys(set)))].sort(),
    valuesOf: (key) => [...new Set(sets.flatMap((set) => set[key] ?? []))].sort(),
  };
  const change = (job: string, labels: readonly AttributeFilter[]) =>
    changeParams({ job: job || null, attribute: labels.map(printFilter) });
  return (
    <FilterBar
      subject="Targets"
      fields={[
        {
          id: "job",
          label: "scrape job",
          verb: "is",
          hint: "name",
          options: pools.map(({ name, targets }) => ({ value: name, note: exact(targets.length) })),
        },
      ]}
      values={{ job: filters.job }}
      attributes={filters.labels}
      completion={completion}
      range={range}
      onField={(_, job) => change(job, filters.labels)}
      onAttributes={(labels) => change(filters.job, labels)}
      onClear={() => change("", [])}
    />
  );
}
