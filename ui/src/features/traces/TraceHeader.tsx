// What this trace is: its root, how long, how many spans and services, what failed.
import { AlignLeft, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { OpenTrace } from "../../backend/traces";
import { Button } from "../../design/Button";
import { CopyButton } from "../../design/CopyButton";
import { shortId } from "../../model/ids";
import { at, type Counts } from "../../model/spanTree";
import { clock, day, exactTime, nanosToMs } from "../../model/time";
import { duration, exact } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";
import { Link } from "../../routes/Link";
import { inRange, toTraces } from "../../routes/links";
import type { TraceState } from "./useTraceState";

type TraceHeaderProps = { trace: OpenTrace; counts: Counts; state: TraceState; find: ReactNode };

export function TraceHeader({ trace, counts, state, find }: TraceHeaderProps) {
  const { tree } = trace;
  const started = nanosToMs(trace.start);
  const busiest = tree.services
    .map((name, i) => ({ name, spans: at(counts.perService, i) }))
    .sort((a, b) => b.spans - a.spans);
  return (
    <header className="trace-header">
      <div className="trace-title">
        <h1 className="cut">
          <ServiceName name={trace.root_service} to={toTraces({ service: trace.root_service })} />
          <span className="cut" title={trace.root_operation}>
            {trace.root_operation || "(unnamed)"}
          </span>
        </h1>
        <span className="trace-figure" title={`${exact(trace.duration)} ns`}>
          {duration(trace.duration)}
        </span>
        <span className="trace-fact">
          {exact(tree.length)} span{tree.length === 1 ? "" : "s"}
        </span>
        <span className="trace-fact">
          {tree.services.length} service{tree.services.length === 1 ? "" : "s"}
        </span>
        {counts.errors > 0 ? (
          <span className="trace-fact bad">
            <TriangleAlert size={12} aria-hidden /> {exact(counts.errors)} error
            {counts.errors === 1 ? "" : "s"}
          </span>
        ) : (
          <span className="trace-fact dim">no errors</span>
        )}
        <Link
          className="trace-fact dim"
          title={`${exactTime(trace.start)}: traces within five minutes of this one`}
          to={inRange(toTraces(), {
            kind: "absolute",
            from: started - 300_000,
            to: started + 300_000,
          })}
        >
          {day(started)} {clock(started, 3)}
        </Link>
        <span className="trace-fact mono dim" title={trace.trace_id}>
          {shortId(trace.trace_id)}
          <CopyButton text={trace.trace_id} label="Copy the trace id" />
        </span>
        <span className="spacer" />
        {find}
        <Button
          aria-pressed={state.panel === "logs"}
          onClick={() => state.setPanel(state.panel === "logs" ? "" : "logs")}
        >
          <AlignLeft size={13} aria-hidden /> Logs
        </Button>
      </div>
      <ul className="trace-services" aria-label="Services of this trace">
        {busiest.slice(0, 14).map(({ name, spans }) => (
          <li key={name}>
            <ServiceName name={name} to={toTraces({ service: name })} />{" "}
            <span className="dim">{exact(spans)}</span>
          </li>
        ))}
        {busiest.length > 14 && <li className="dim">and {busiest.length - 14} more</li>}
      </ul>
    </header>
  );
}
