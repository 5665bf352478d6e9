// The log records of a trace or of one of its spans, oldest first, each a way to the Logs page.
import { useTraceLogs } from "../../backend/logs";
import type { OpenTrace } from "../../backend/traces";
import { toText } from "../../model/attributes";
import { exactTime, nanosToMs } from "../../model/time";
import { duration } from "../../model/units";
import { ServiceDot } from "../../panels/ServiceName";
import { SeverityWord } from "../../panels/SeverityWord";
import { Answered } from "../../panels/States";
import { Link } from "../../routes/Link";
import { inRange, toLogs, toTrace } from "../../routes/links";

type TraceLogsProps = { traceId: string; spanId: string; trace: OpenTrace };

export function TraceLogs({ traceId, spanId, trace }: TraceLogsProps) {
  const logs = useTraceLogs(traceId, spanId, true);
  const start = nanosToMs(trace.start);
  // Records may be written shortly before or after their spans.
  const around = {
    kind: "absolute" as const,
    from: start - 60_000,
    to: start + trace.duration / 1e6 + 60_000,
  };
  return (
    <Answered state={logs} what="logs">
      {({ records, complete, cursor }) => (
        <div className="trace-logs">
          <p className="side-note">
            {records.length === 0 ? (
              <span className="dim">
                No log record carries the id of this {spanId === "" ? "trace" : "span"}.
              </span>
            ) : (
              <Link to={inRange(toLogs({ traceId, spanId }), around)} className="link">
                Open {records.length} in Logs
              </Link>
            )}
            {(!complete || cursor !== null) && records.length > 0 && (
              <span className="warn"> the newest of more</span>
            )}
          </p>
          <ol>
            {[...records].reverse().map((record) => (
              <li key={record.id} className="trace-log">
                <span className="dim num" title={exactTime(record.time)}>
                  {offset(record.time, trace.start)}
                </span>
                <SeverityWord number={record.severity_number} text={record.severity_text} />
                <ServiceDot name={record.service} />
                {record.span_id !== "" && spanId === "" ? (
                  <Link to={toTrace(traceId, record.span_id)} className="mono trace-log-text">
                    {toText(record.body) || record.event_name}
                  </Link>
                ) : (
                  <span className="mono trace-log-text">
                    {toText(record.body) || record.event_name}
                  </span>
                )}
              </li>
            ))}
          </ol>
        </div>
      )}
    </Answered>
  );
}

function offset(time: string, start: string): string {
  const nanos = Number(BigInt(time) - BigInt(start));
  if (nanos === 0) return "0";
  return nanos < 0 ? `-${duration(-nanos)}` : duration(nanos);
}
