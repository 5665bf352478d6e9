// Whether anything has come since this page was opened, and from whom.
import { CircleCheck, Radio } from "lucide-react";
import { useState } from "react";
import { type Connection, useArrivals, useConnection } from "../../backend/events";
import { count } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";
import { Link } from "../../routes/Link";
import { toHome, toTrace, toTraces } from "../../routes/links";

type Heard = {
  spans: number;
  logs: number;
  points: number;
  samples: number;
  services: string[];
  trace: string;
};

const silence: Heard = { spans: 0, logs: 0, points: 0, samples: 0, services: [], trace: "" };

/** Waiting is said only once arrivals can be heard: what was sent before would never be counted. */
const waiting: Record<Connection, string> = {
  connecting: "Connecting to Watchglass…",
  open: "Waiting for the first spans, logs or metrics…",
  lost: "No connection to Watchglass.",
};

export function Arrivals() {
  const [heard, setHeard] = useState<Heard>(silence);
  const connection = useConnection();
  useArrivals((arrival) =>
    setHeard((before) => ({
      spans: before.spans + arrival.spans,
      logs: before.logs + arrival.log_records,
      points: before.points + arrival.points,
      samples: before.samples + arrival.samples,
      services: [
        ...before.services,
        ...arrival.services.filter((name) => !before.services.includes(name)),
      ],
      trace: arrival.trace_ids[0] ?? before.trace,
    })),
  );
  // Points are kept as samples too: those are told only where they came as such.
  const samples = heard.points === 0 ? heard.samples : 0;
  const any = heard.spans + heard.logs + heard.points + samples > 0;
  if (!any) {
    return (
      <div className="panel arrivals" role="status" data-testid="arrivals">
        <Radio size={16} className={connection === "lost" ? "bad" : "dim"} aria-hidden />
        {waiting[connection]}
      </div>
    );
  }
  return (
    <div className="panel arrivals" role="status" data-testid="arrivals" data-received="true">
      <CircleCheck size={16} className="ok" aria-hidden />
      <span>
        <strong>Received</strong> {count(heard.spans)} spans, {count(heard.logs)} log records,{" "}
        {samples > 0 ? `${count(samples)} samples` : `${count(heard.points)} points`}
        {heard.services.length > 0 && " from"}
      </span>
      {heard.services.slice(0, 8).map((name) => (
        <ServiceName key={name} name={name} to={toTraces({ service: name })} />
      ))}
      {heard.services.length > 8 && (
        <span className="dim">and {heard.services.length - 8} more</span>
      )}
      <span className="spacer" />
      {heard.trace !== "" && (
        <Link to={toTrace(heard.trace)} className="link">
          Newest trace
        </Link>
      )}
      <Link to={toHome()} className="link">
        See all
      </Link>
    </div>
  );
}
