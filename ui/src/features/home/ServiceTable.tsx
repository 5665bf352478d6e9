// Every service with its health, traffic and latency; each figure leads to where it comes from.
import { useMemo } from "react";
import { Sparkline } from "../../charts/Sparkline";
import { type Order, Sorter } from "../../design/Sorter";
import { count, duration, durationParameter, exact, percent, rate } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";
import { When } from "../../panels/When";
import { changeParams, useAddress } from "../../routes/address";
import { Link } from "../../routes/Link";
import { toLogs, toTraces } from "../../routes/links";
import type { Service } from "../../wire/api";
import { healthOf, healthRank, healthSign, healthTone } from "./health";

type Column = {
  id: string;
  label: string;
  num?: boolean;
  className?: string;
  title?: string;
  value: (service: Service) => number | string;
};

const columns: readonly Column[] = [
  { id: "health", label: "Health", value: (s) => healthRank[healthOf(s)] * 2 + s.error_ratio },
  { id: "service", label: "Service", value: (s) => s.name },
  {
    id: "rate",
    label: "Rate",
    num: true,
    title: "Requests per second over the range",
    value: (s) => s.rate,
  },
  {
    id: "errors",
    label: "Errors",
    num: true,
    title: "Failed requests",
    value: (s) => s.error_ratio,
  },
  {
    id: "p50",
    label: "p50",
    num: true,
    title: "Half of the requests are faster",
    value: (s) => s.p50,
  },
  { id: "p95", label: "p95", num: true, value: (s) => s.p95 },
  { id: "p99", label: "p99", num: true, value: (s) => s.p99 },
  {
    id: "requests",
    label: "Requests over time",
    className: "home-traffic",
    value: (s) => s.requests,
  },
  { id: "spans", label: "Spans", num: true, value: (s) => s.spans },
  { id: "logs", label: "Logs", num: true, value: (s) => s.log_records },
  { id: "log_errors", label: "Log errors", num: true, value: (s) => s.log_errors },
  { id: "seen", label: "Last seen", num: true, value: (s) => Number(s.last_seen) },
];

/**
 * Newest first. Services heard from within the last minute count as equally new and go by name,
 * or busy ones would swap places all the time.
 */
function newestFirst(newest: number): (a: Service, b: Service) => number {
  const age = (service: Service) => Math.max(0, newest - Number(service.last_seen) - 60e9);
  return (a, b) => age(a) - age(b) || (a.name < b.name ? -1 : 1);
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "string" || typeof b === "string") return String(a).localeCompare(String(b));
  return a - b;
}

export function ServiceTable({ services }: { services: readonly Service[] }) {
  const { params } = useAddress();
  const [by, way] = (params.get("sort") ?? "").split(".");
  const order: Order = way === "up" ? "ascending" : "descending";
  const column = columns.find(({ id }) => id === by);
  const sorted = useMemo(() => {
    const usual = newestFirst(Math.max(...services.map((one) => Number(one.last_seen))));
    if (!column) return [...services].sort(usual);
    const sign = order === "ascending" ? 1 : -1;
    return [...services].sort(
      (a, b) => sign * compare(column.value(a), column.value(b)) || usual(a, b),
    );
  }, [services, column, order]);
  const sortBy = (id: string) =>
    changeParams({
      sort: by === id && way === "down" ? `${id}.up` : by === id ? null : `${id}.down`,
    });
  return (
    <section className="panel home-services" aria-label="Services">
      <table className="table">
        <thead>
          <tr>
            {columns.map(({ id, label, num, title, className }) => (
              <Sorter
                key={id}
                order={by === id ? order : undefined}
                onSort={() => sortBy(id)}
                className={num ? "num" : className}
                title={title}
              >
                {label}
              </Sorter>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((service) => (
            <ServiceRow key={service.name} service={service} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ServiceRow({ service }: { service: Service }) {
  const { name } = service;
  const health = healthOf(service);
  const latency = (value: number) =>
    service.requests > 0 ? (
      <Link to={toTraces({ service: name, minDuration: durationParameter(value) })}>
        {duration(value)}
      </Link>
    ) : (
      <span className="dim">–</span>
    );
  return (
    <tr>
      <td className={`health ${healthTone[health]}`}>
        <span aria-hidden>{healthSign[health]}</span> {health}
      </td>
      <td>
        <span className="home-name">
          <ServiceName name={name} to={toTraces({ service: name })} />
          {service.language !== "" && <span className="label">{service.language}</span>}
        </span>
      </td>
      <td className="num" title={`${exact(service.requests)} requests`}>
        {rate(service.rate)}
      </td>
      <td className="num">
        {service.errors > 0 ? (
          <Link
            to={toTraces({ service: name, status: "error" })}
            className="bad"
            title={`${exact(service.errors)} failed`}
          >
            {percent(service.error_ratio)}
          </Link>
        ) : (
          <span className="dim">0&nbsp;%</span>
        )}
      </td>
      <td className="num">{latency(service.p50)}</td>
      <td className="num">{latency(service.p95)}</td>
      <td className="num">{latency(service.p99)}</td>
      <td className="home-traffic">
        <Sparkline
          values={service.sparkline}
          bad={service.error_sparkline}
          label={`${count(service.requests)} requests over the range, ${count(service.errors)} failed`}
        />
      </td>
      <td className="num" title={exact(service.spans)}>
        <Link to={toTraces({ service: name })}>{count(service.spans)}</Link>
      </td>
      <td className="num" title={exact(service.log_records)}>
        <Link to={toLogs({ service: name })}>{count(service.log_records)}</Link>
      </td>
      <td className="num">
        {service.log_errors > 0 ? (
          <Link to={toLogs({ service: name, severity: "error" })} className="bad">
            {count(service.log_errors)}
          </Link>
        ) : (
          <span className="dim">0</span>
        )}
      </td>
      <td className="num ink2">
        <When at={service.last_seen} />
      </td>
    </tr>
  );
}
