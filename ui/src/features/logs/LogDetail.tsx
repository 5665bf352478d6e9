// A record in full: body, attributes, where it came from, and the way to its trace.
import { CopyButton } from "../../design/CopyButton";
import { type AttributeFilter, type Json, printFilter, toJson } from "../../model/attributes";
import { readLogFilters } from "../../model/filters";
import { shortId } from "../../model/ids";
import { exactTime, nanosToMs } from "../../model/time";
import { AttributeList } from "../../panels/AttributeList";
import { ServiceName } from "../../panels/ServiceName";
import { currentAddress } from "../../routes/address";
import { Link } from "../../routes/Link";
import { inRange, toLogs, toTrace } from "../../routes/links";
import type { LogRecord } from "../../wire/api";

/** A string that holds a JSON object or list is shown as such. */
function pretty(body: Json): string {
  if (typeof body !== "string") return body === null ? "" : JSON.stringify(body, null, 2);
  if (!/^\s*[{[]/.test(body)) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** Adds to the filters that are already there. */
function narrowed(filter: AttributeFilter) {
  const filters = readLogFilters(currentAddress().params);
  const kept = filters.attributes.filter((one) => printFilter(one) !== printFilter(filter));
  return toLogs({ ...filters, attributes: [...kept, filter] });
}

/** Everything written within a minute of an instant, whatever the filters were. */
function around(time: string) {
  const ms = nanosToMs(time);
  return inRange(toLogs(), { kind: "absolute", from: ms - 60_000, to: ms + 60_000 });
}

export function LogDetail({ record }: { record: LogRecord }) {
  const time = record.time === "0" ? record.observed_time : record.time;
  const body = pretty(toJson(record.body));
  return (
    <div className="log-detail" data-testid="log-detail">
      <div className="log-facts">
        <ServiceName name={record.service} to={toLogs({ service: record.service })} />
        <Link className="ink2" to={around(time)} title="All logs within a minute of this">
          {exactTime(time)}
        </Link>
        {record.observed_time !== "0" && record.observed_time !== record.time && (
          <span className="dim">observed {exactTime(record.observed_time).slice(11)}</span>
        )}
        {record.event_name !== "" && <span className="mono">{record.event_name}</span>}
        {record.trace_id !== "" && (
          <>
            <Link className="link" to={toTrace(record.trace_id, record.span_id)}>
              Open in trace <span className="mono">{shortId(record.trace_id)}</span>
            </Link>
            <Link className="link" to={toLogs({ traceId: record.trace_id })}>
              All logs of this trace
            </Link>
          </>
        )}
      </div>
      {body !== "" && (
        <div className="log-body">
          <pre>{body}</pre>
          <CopyButton text={body} label="Copy the message" />
        </div>
      )}
      {record.attributes.length > 0 && <h3>Attributes</h3>}
      <AttributeList
        attributes={record.attributes}
        dropped={record.dropped_attributes_count}
        searchFor={narrowed}
      />
      <details className="log-more">
        <summary>
          Resource and scope <span className="mono dim">{record.scope.name}</span>
        </summary>
        <AttributeList
          attributes={record.resource.attributes}
          dropped={record.resource.dropped_attributes_count}
          searchFor={narrowed}
        />
        <AttributeList
          attributes={record.scope.attributes}
          dropped={record.scope.dropped_attributes_count}
          searchFor={narrowed}
        />
      </details>
    </div>
  );
}
