// The events of a span in time; exceptions show their stack.
import { CopyButton } from "../../design/CopyButton";
import { type AttributeFilter, findAttribute } from "../../model/attributes";
import { exactTime } from "../../model/time";
import { duration } from "../../model/units";
import { AttributeList } from "../../panels/AttributeList";
import type { Target } from "../../routes/links";
import type { SpanDetail } from "../../wire/api";

type SpanEventsProps = { full: SpanDetail; searchFor: (filter: AttributeFilter) => Target };

export function SpanEvents({ full, searchFor }: SpanEventsProps) {
  if (full.events.length === 0) return <p className="side-note dim">This span has no events.</p>;
  return (
    <ol>
      {full.events.map((event, i) => {
        const stack = findAttribute(event.attributes, "exception.stacktrace");
        const offset = Number(BigInt(event.time) - BigInt(full.start));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity but their place
          <li key={i} className="side-item">
            <p className="side-line">
              <strong className={event.name === "exception" ? "bad" : ""}>{event.name}</strong>
              <span className="dim" title={exactTime(event.time)}>
                at {offset === 0 ? "0" : duration(offset)}
              </span>
            </p>
            <AttributeList
              attributes={event.attributes.filter(({ key }) => key !== "exception.stacktrace")}
              dropped={event.dropped_attributes_count}
              searchFor={searchFor}
            />
            {stack !== "" && (
              <div className="stack">
                <pre>{stack}</pre>
                <CopyButton text={stack} label="Copy the stack trace" />
              </div>
            )}
          </li>
        );
      })}
      {full.dropped_events_count > 0 && (
        <li className="side-note warn">
          {full.dropped_events_count} more were dropped by the sender's SDK
        </li>
      )}
    </ol>
  );
}
