// One found trace: when, what, how long, who took part, what failed.
import { TriangleAlert } from "lucide-react";
import { type CSSProperties, memo } from "react";
import { shortId } from "../../model/ids";
import { clock, exactTime, nanosToMs } from "../../model/time";
import { count, duration, exact } from "../../model/units";
import { ServiceDot } from "../../panels/ServiceName";
import { Link } from "../../routes/Link";
import { toTrace } from "../../routes/links";
import type { TraceSummary } from "../../wire/api";

type TraceRowProps = { trace: TraceSummary; top: number; longest: number; chosen: boolean };

export const TraceRow = memo(function TraceRow({ trace, top, longest, chosen }: TraceRowProps) {
  const share = Math.min(1, Math.max(0.006, trace.duration / longest));
  const beyond = trace.duration > longest;
  const name = trace.root_operation || "(unnamed)";
  return (
    <li style={{ transform: `translateY(${top}px)` }} className="trace-item">
      <Link to={toTrace(trace.trace_id)} className="trace-row" data-chosen={chosen}>
        <span className="col-when ink2" title={exactTime(trace.start)}>
          {clock(nanosToMs(trace.start), 3)}
        </span>
        <span className="col-name">
          <ServiceDot name={trace.root_service} />
          <span className="ink2 cut col-service">{trace.root_service}</span>
          <span className="cut">{name}</span>
          {trace.root_missing && <span className="label">root missing</span>}
        </span>
        <span className="col-duration">
          <span
            className="duration-bar"
            data-bad={trace.errors > 0}
            data-beyond={beyond}
            style={{ "--share": share } as CSSProperties}
          />
          <span className="duration-text" title={`${exact(trace.duration)} ns`}>
            {duration(trace.duration)}
          </span>
        </span>
        <span className="col-spans num" title={`${exact(trace.matched_spans)} of them match`}>
          {count(trace.spans)}
        </span>
        <span className="col-errors num">
          {trace.errors > 0 ? (
            <span className="bad">
              <TriangleAlert size={11} aria-label="errors" /> {count(trace.errors)}
            </span>
          ) : (
            <span className="dim">–</span>
          )}
        </span>
        <span
          className="col-services"
          title={trace.services
            .map(({ name: each, spans }) => `${each}: ${spans} spans`)
            .join("\n")}
        >
          {trace.services.slice(0, 8).map((service) => (
            <ServiceDot key={service.name} name={service.name} />
          ))}
          <span className="dim">{trace.services.length}</span>
        </span>
        <span className="col-id mono dim" title={trace.trace_id}>
          {shortId(trace.trace_id)}
        </span>
      </Link>
    </li>
  );
});
