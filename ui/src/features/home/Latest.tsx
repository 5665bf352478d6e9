// Three short lists from the range: what failed last, what took longest, which errors were logged.
import type { ReactNode } from "react";
import { useLogs } from "../../backend/logs";
import { useTraceSearch } from "../../backend/traces";
import { toText } from "../../model/attributes";
import { noLogFilters, noTraceFilters, type TraceSort } from "../../model/filters";
import { describeRange, type TimeRange } from "../../model/range";
import { count, duration, exact } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";
import { Answered } from "../../panels/States";
import { When } from "../../panels/When";
import { Link } from "../../routes/Link";
import { type Target, toLogs, toTrace, toTraces } from "../../routes/links";
import type { LogRecord, TraceSummary } from "../../wire/api";

/** More than fit on any screen are not asked for: the heading leads to all of them. */
const MOST = 40;

type LatestProps = { range: TimeRange; live: boolean };

export function Latest({ range, live }: LatestProps) {
  return (
    <div className="home-latest">
      <TraceList title="Failed traces" status="error" sort="newest" range={range} live={live} />
      <TraceList title="Slowest traces" status="" sort="longest" range={range} live={live} />
      <ErrorLogs range={range} live={live} />
    </div>
  );
}

type TraceListProps = LatestProps & { title: string; status: "error" | ""; sort: TraceSort };

function TraceList({ title, status, sort, range, live }: TraceListProps) {
  const filters = { ...noTraceFilters, status };
  const found = useTraceSearch({ filters, range, sort, limit: MOST }, live);
  return (
    <Listed
      title={title}
      to={toTraces({ status }, sort)}
      total={status === "" ? undefined : found.data?.matched}
    >
      <Answered state={found} what="traces">
        {({ traces }) => (
          <Rows none={`No failed trace, ${describeRange(range)}.`}>
            {traces.map((trace) => (
              <TraceLine key={trace.trace_id} trace={trace} />
            ))}
          </Rows>
        )}
      </Answered>
    </Listed>
  );
}

function ErrorLogs({ range, live }: LatestProps) {
  const filters = { ...noLogFilters, severity: "error" as const };
  const logs = useLogs({ filters, range, cursor: null, limit: MOST }, live);
  return (
    <Listed title="Error logs" to={toLogs({ severity: "error" })}>
      <Answered state={logs} what="logs">
        {({ records }) => (
          <Rows none={`No error was logged, ${describeRange(range)}.`}>
            {records.map((record) => (
              <LogLine key={record.id} record={record} />
            ))}
          </Rows>
        )}
      </Answered>
    </Listed>
  );
}

type ListedProps = { title: string; to: Target; total?: number | undefined; children: ReactNode };

function Listed({ title, to, total, children }: ListedProps) {
  return (
    <section className="panel latest" aria-label={title}>
      <header className="panel-head">
        <h2>{title}</h2>
        {total !== undefined && (
          <span className="dim" title={exact(total)}>
            {count(total)}
          </span>
        )}
        <span className="spacer" />
        <Link to={to} className="link label">
          Show all
        </Link>
      </header>
      {children}
    </section>
  );
}

function Rows({ none, children }: { none: string; children: readonly ReactNode[] }) {
  if (children.length === 0) return <p className="dim latest-none">{none}</p>;
  return <ol className="latest-list">{children}</ol>;
}

function TraceLine({ trace }: { trace: TraceSummary }) {
  return (
    <li>
      <Link to={toTrace(trace.trace_id)} className="latest-row">
        <span className="latest-what">
          <ServiceName name={trace.root_service} />
          <span className="cut">{trace.root_operation || "(unnamed)"}</span>
        </span>
        <span
          className={trace.errors > 0 ? "num bad" : "num"}
          title={`${exact(trace.duration)} ns, ${exact(trace.errors)} errors`}
        >
          {duration(trace.duration)}
        </span>
        <span className="num dim">
          <When at={trace.start} />
        </span>
      </Link>
    </li>
  );
}

function LogLine({ record }: { record: LogRecord }) {
  const { service, trace_id, span_id } = record;
  const to = trace_id === "" ? toLogs({ service, severity: "error" }) : toTrace(trace_id, span_id);
  return (
    <li>
      <Link to={to} className="latest-row">
        <span className="latest-what">
          <ServiceName name={service} />
          <span className="mono cut">{toText(record.body).slice(0, 200) || record.event_name}</span>
        </span>
        <span />
        <span className="num dim">
          <When at={record.time === "0" ? record.observed_time : record.time} />
        </span>
      </Link>
    </li>
  );
}
