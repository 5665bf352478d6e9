// The line that is always true: what listens, how much arrives, how full the store is. Each part is a link.
import { Keyboard, TriangleAlert } from "lucide-react";
import { useConnection, useStatus } from "../backend/events";
import { bytes, duration, exact, rate } from "../model/units";
import { Link } from "../routes/Link";
import { toConnect, toHome, toLogs, toMetrics, toTargets, toTraces } from "../routes/links";
import type { Receiver, StoreStatus } from "../wire/api";

export function StatusLine({ onKeys }: { onKeys: () => void }) {
  const status = useStatus();
  const connection = useConnection();
  return (
    <footer className="status-line" data-lost={connection === "lost"}>
      {connection === "lost" && (
        <span className="status-part bad" role="alert">
          <TriangleAlert size={12} aria-hidden /> no connection, trying again
        </span>
      )}
      {status && <ConfigurationPart faults={status.configuration_faults} />}
      {status?.receivers.map((receiver) => (
        <ReceiverPart key={receiver.name} receiver={receiver} />
      ))}
      {status && <Rates receivers={status.receivers} />}
      <span className="spacer" />
      {status && <StorePart store={status.store} />}
      <button type="button" className="status-part" onClick={onKeys} title="Keys (?)">
        <Keyboard size={13} aria-hidden /> Keys
      </button>
      <Link to={toHome()} className="status-part" title={status ? `Data in ${status.data}` : ""}>
        {status ? `v${status.version}` : "…"}
      </Link>
    </footer>
  );
}

const words = { listening: "ok", taken: "bad", off: "dim" } as const;

function ReceiverPart({ receiver }: { receiver: Receiver }) {
  const port = receiver.address.slice(receiver.address.lastIndexOf(":") + 1);
  const note =
    receiver.state === "taken"
      ? `taken by ${receiver.taken_by ?? "another program"}`
      : receiver.state === "off"
        ? "off"
        : "";
  return (
    <Link
      to={toConnect()}
      className="status-part"
      title={`${receiver.protocol} on ${receiver.address}: ${receiver.state}, ${exact(receiver.requests)} requests, ${exact(receiver.rejected)} rejected`}
    >
      <span className={`sign ${words[receiver.state]}`} aria-hidden>
        {receiver.state === "listening" ? "●" : receiver.state === "taken" ? "▲" : "○"}
      </span>
      {port} {receiver.protocol.replace("OTLP/", "")}
      {note !== "" && <span className={words[receiver.state]}>{note}</span>}
    </Link>
  );
}

function Rates({ receivers }: { receivers: readonly Receiver[] }) {
  const sum = (pick: (receiver: Receiver) => number) =>
    receivers.reduce((all, one) => all + pick(one), 0);
  return (
    <>
      <Link to={toTraces()} className="status-part status-rate">
        {rate(sum((one) => one.spans_per_second)).replace("/s", "")} spans/s
      </Link>
      <Link to={toLogs()} className="status-part status-rate">
        {rate(sum((one) => one.log_records_per_second)).replace("/s", "")} logs/s
      </Link>
      <Link to={toMetrics()} className="status-part status-rate">
        {rate(sum((one) => one.points_per_second)).replace("/s", "")} points/s
      </Link>
    </>
  );
}

/** The first fault of the workspace's files, without its folder; the others are told when it is pointed at. */
function ConfigurationPart({ faults }: { faults: readonly string[] }) {
  const [first] = faults;
  if (first === undefined) return null;
  return (
    <Link to={toTargets()} className="status-part bad" title={faults.join("\n")}>
      <TriangleAlert size={12} aria-hidden /> {first.replace(/^.*\/(?=[^/]*:\d+:\d+: )/, "")}
    </Link>
  );
}

function StorePart({ store }: { store: StoreStatus }) {
  const full = Math.min(1, store.disk_bytes / Math.max(1, store.max_disk_bytes));
  const hurt =
    store.read_only ?? (store.quarantined.length > 0 ? store.quarantined.join(", ") : null);
  return (
    <Link
      to={toHome()}
      className="status-part"
      title={`${exact(store.spans)} spans, ${exact(store.log_records)} log records, ${exact(store.points)} points in ${store.partitions} partitions; kept for ${duration(store.retention_seconds * 1e9)}`}
    >
      {hurt && (
        <span className="bad">
          <TriangleAlert size={12} aria-hidden />{" "}
          {store.read_only ? `read-only: ${hurt}` : `put aside: ${hurt}`}
        </span>
      )}
      <meter className="store-meter" min={0} max={1} value={full} aria-label="Store" />
      {bytes(store.disk_bytes)} of {bytes(store.max_disk_bytes)}
      <span className="dim">{duration(store.retention_seconds * 1e9)}</span>
    </Link>
  );
}
