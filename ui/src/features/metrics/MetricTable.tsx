// The metrics that arrive, sortable, each a link to its plot.
import { useMemo, useState } from "react";
import { Button } from "../../design/Button";
import { Sorter } from "../../design/Sorter";
import { count, exact } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";
import { When } from "../../panels/When";
import { changeParams, useAddress } from "../../routes/address";
import { Link } from "../../routes/Link";
import { toMetric } from "../../routes/links";
import type { Metric } from "../../wire/api";

const columns = [
  { id: "name", label: "Metric", num: false },
  { id: "type", label: "Type", num: false },
  { id: "unit", label: "Unit", num: false },
  { id: "services", label: "Services", num: false },
  { id: "labels", label: "Labels", num: false },
  { id: "series", label: "Series", num: true },
  { id: "points", label: "Points", num: true },
  { id: "seen", label: "Last seen", num: true },
] as const;
type ColumnId = (typeof columns)[number]["id"];

export function typeWord(metric: Pick<Metric, "type" | "monotonic">): string {
  if (metric.type === "sum") return metric.monotonic ? "counter" : "up-down sum";
  return metric.type.replace("_", " ");
}

function sortValue(metric: Metric, by: ColumnId): string | number {
  switch (by) {
    case "name":
      return metric.name;
    case "type":
      return typeWord(metric);
    case "unit":
      return metric.unit;
    case "services":
      return metric.services.join();
    case "labels":
      return metric.label_keys.length;
    case "series":
      return metric.series;
    case "points":
      return metric.points;
    case "seen":
      return Number(metric.last_seen);
  }
}

export function MetricTable({ metrics }: { metrics: readonly Metric[] }) {
  const { params } = useAddress();
  // A few hundred rows draw at once; thousands wait until they are asked for.
  const [shown, setShown] = useState(300);
  const [sorted, way] = (params.get("sort") ?? "name.up").split(".");
  const by = columns.find(({ id }) => id === sorted)?.id ?? "name";
  const rows = useMemo(() => {
    const sign = way === "down" ? -1 : 1;
    return [...metrics].sort((a, b) => {
      const [x, y] = [sortValue(a, by), sortValue(b, by)];
      return (
        sign *
        (typeof x === "number" && typeof y === "number"
          ? x - y
          : String(x).localeCompare(String(y)))
      );
    });
  }, [metrics, by, way]);
  return (
    <section className="panel metrics-list" aria-label="Metrics">
      <table className="table metric-table">
        <thead>
          <tr>
            {columns.map(({ id, label, num }) => (
              <Sorter
                key={id}
                className={num ? "num" : undefined}
                order={by === id ? (way === "down" ? "descending" : "ascending") : undefined}
                onSort={() =>
                  changeParams({
                    sort: `${id}.${by === id && way === "up" ? "down" : by === id ? "up" : num ? "down" : "up"}`,
                  })
                }
              >
                {label}
              </Sorter>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((metric) => (
            <tr key={metric.name}>
              <td className="metric-name">
                <Link
                  to={toMetric(metric.name)}
                  className="mono"
                  title={metric.description || metric.name}
                >
                  {metric.name}
                </Link>
                {metric.description !== "" && <span className="label">{metric.description}</span>}
              </td>
              <td className="ink2">{typeWord(metric)}</td>
              <td className="mono ink2">{metric.unit || <span className="dim">–</span>}</td>
              <td>
                <span className="metric-services" title={metric.services.join(", ")}>
                  {metric.services.slice(0, 1).map((name) => (
                    <ServiceName key={name} name={name} />
                  ))}
                  {metric.services.length > 1 && (
                    <span className="dim">+{metric.services.length - 1}</span>
                  )}
                </span>
              </td>
              <td className="mono dim" title={metric.label_keys.join(", ")}>
                {metric.label_keys.join(", ") || "–"}
              </td>
              <td className="num">{count(metric.series)}</td>
              <td className="num" title={exact(metric.points)}>
                {count(metric.points)}
              </td>
              <td className="num ink2">
                <When at={metric.last_seen} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <p className="metrics-more">
          <Button onClick={() => setShown(rows.length)}>Show all {exact(rows.length)}</Button>
        </p>
      )}
    </section>
  );
}
