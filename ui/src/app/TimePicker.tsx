// The time range: relative choices, any relative text (`90m`), or two instants.
import { ChevronDown, Clock } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../design/Button";
import { Popup } from "../design/Popup";
import {
  describeRange,
  parseRelative,
  relativeChoices,
  type TimeRange,
  windowOf,
} from "../model/range";
import { toInputTime } from "../model/time";
import { setTimeRange, useTimeRange } from "../routes/useTimeRange";

type TimePickerProps = { open: boolean; onOpenChange: (open: boolean) => void };

export function TimePicker({ open, onOpenChange }: TimePickerProps) {
  const range = useTimeRange();
  const choose = (next: TimeRange) => {
    onOpenChange(false);
    setTimeRange(next);
  };
  return (
    <Popup
      label="Time range"
      open={open}
      onOpenChange={onOpenChange}
      align="end"
      trigger={
        <Button
          tone="plain"
          title="Time range (t)"
          aria-label={`Time range: ${describeRange(range)}`}
        >
          <Clock size={13} aria-hidden />
          {describeRange(range)}
          <ChevronDown size={12} aria-hidden />
        </Button>
      }
    >
      <div className="time-picker">
        <div className="time-choices" role="group" aria-label="Last">
          {relativeChoices.map((text) => {
            const choice = parseRelative(text);
            const on = range.kind === "relative" && range.text === text;
            return (
              choice && (
                <Button key={text} aria-pressed={on} onClick={() => choose(choice)}>
                  {text}
                </Button>
              )
            );
          })}
        </div>
        <RelativeField onChoose={choose} />
        <FixedFields range={range} onChoose={choose} />
      </div>
    </Popup>
  );
}

function RelativeField({ onChoose }: { onChoose: (range: TimeRange) => void }) {
  const [text, setText] = useState("");
  const parsed = parseRelative(text);
  return (
    <form
      className="time-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed) onChoose(parsed);
      }}
    >
      <label className="label" htmlFor="time-last">
        Last
      </label>
      <input
        id="time-last"
        className="field"
        placeholder="90m, 36h, 2d"
        value={text}
        aria-invalid={text !== "" && !parsed}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={!parsed}>
        Set
      </Button>
    </form>
  );
}

function FixedFields({
  range,
  onChoose,
}: {
  range: TimeRange;
  onChoose: (range: TimeRange) => void;
}) {
  const [shown] = useState(() => windowOf(range, Date.now()));
  const [from, setFrom] = useState(toInputTime(shown.start));
  const [to, setTo] = useState(toInputTime(shown.end));
  const start = new Date(from).getTime();
  const end = new Date(to).getTime();
  const fault = !(start < end);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!fault) onChoose({ kind: "absolute", from: start, to: end });
  };
  return (
    <form className="time-fixed" onSubmit={submit}>
      <label className="label" htmlFor="time-from">
        From
      </label>
      <input
        id="time-from"
        className="field"
        type="datetime-local"
        step="1"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <label className="label" htmlFor="time-to">
        To
      </label>
      <input
        id="time-to"
        className="field"
        type="datetime-local"
        step="1"
        value={to}
        aria-invalid={fault}
        onChange={(event) => setTo(event.target.value)}
      />
      <span className="label time-note">
        {fault ? "The end must be after the start." : "Local time"}
      </span>
      <Button type="submit" disabled={fault}>
        Show
      </Button>
    </form>
  );
}
