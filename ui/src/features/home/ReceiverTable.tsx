// What listens, where, and what it got since the start.
import { bytes, count, exact, rate } from "../../model/units";
import { When } from "../../panels/When";
import type { Receiver } from "../../wire/api";

export function ReceiverTable({ receivers }: { receivers: readonly Receiver[] }) {
  return (
    <section className="panel" aria-label="Receivers">
      <table className="table">
        <thead>
          <tr>
            <th>Receiver</th>
            <th>Address</th>
            <th>State</th>
            <th className="num">Now</th>
            <th className="num">Requests</th>
            <th className="num">Spans</th>
            <th className="num">Log records</th>
            <th className="num">Points</th>
            <th className="num">Bytes</th>
            <th className="num">Rejected</th>
            <th className="num">Last received</th>
          </tr>
        </thead>
        <tbody>
          {receivers.map((receiver) => (
            <ReceiverRow key={receiver.name} receiver={receiver} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const tone = { listening: "ok", taken: "bad", off: "dim" } as const;
const sign = { listening: "●", taken: "▲", off: "○" } as const;

function ReceiverRow({ receiver }: { receiver: Receiver }) {
  const now =
    receiver.spans_per_second + receiver.log_records_per_second + receiver.points_per_second;
  const number = (value: number) => (
    <td className="num" title={exact(value)}>
      {value === 0 ? <span className="dim">0</span> : count(value)}
    </td>
  );
  return (
    <tr>
      <td>{receiver.name === "main" ? "This page and OTLP/HTTP" : receiver.protocol}</td>
      <td className="mono">{receiver.address}</td>
      <td className={tone[receiver.state]}>
        <span className="sign" aria-hidden>
          {sign[receiver.state]}
        </span>{" "}
        {receiver.state}
        {receiver.taken_by && ` by ${receiver.taken_by}`}
      </td>
      <td className="num" title="items per second, over the last 10 s">
        <span className={now > 0 ? undefined : "dim"}>{rate(now)}</span>
      </td>
      {number(receiver.requests)}
      {number(receiver.spans)}
      {number(receiver.log_records)}
      {number(receiver.points)}
      <td className="num">
        <span className={receiver.bytes > 0 ? undefined : "dim"}>{bytes(receiver.bytes)}</span>
      </td>
      <td className="num" title={exact(receiver.rejected)}>
        <span className={receiver.rejected > 0 ? "bad" : "dim"}>{count(receiver.rejected)}</span>
      </td>
      <td className="num ink2">
        {receiver.last_received ? (
          <When at={receiver.last_received} />
        ) : (
          <span className="dim">never</span>
        )}
      </td>
    </tr>
  );
}
