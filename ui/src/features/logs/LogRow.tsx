// One record on one line: time, severity, service, message.
import { memo } from "react";
import { toText } from "../../model/attributes";
import { bandOf } from "../../model/severity";
import { clock, exactTime, nanosToMs } from "../../model/time";
import { ServiceDot } from "../../panels/ServiceName";
import { SeverityWord } from "../../panels/SeverityWord";
import type { LogRecord } from "../../wire/api";

type LogRowProps = {
  record: LogRecord;
  opened: boolean;
  chosen: boolean;
  onToggle: (id: string) => void;
};

export function messageOf(record: LogRecord): string {
  return toText(record.body) || record.event_name || "(no message)";
}

export const LogRow = memo(
  function LogRow({ record, opened, chosen, onToggle }: LogRowProps) {
    const time = record.time === "0" ? record.observed_time : record.time;
    return (
      <button
        type="button"
        className="log-row"
        aria-expanded={opened}
        data-chosen={chosen}
        data-band={bandOf(record.severity_number)}
        onClick={() => onToggle(record.id)}
      >
        <span className="mono log-time" title={exactTime(time)}>
          {clock(nanosToMs(time), 3)}
        </span>
        <SeverityWord number={record.severity_number} text={record.severity_text} />
        <span className="log-service" title={record.service}>
          <ServiceDot name={record.service} />
          <span className="cut">{record.service || "–"}</span>
        </span>
        <span className="mono cut log-message">{messageOf(record).slice(0, 600)}</span>
      </button>
    );
  },
  (a, b) => a.record === b.record && a.opened === b.opened && a.chosen === b.chosen,
);
