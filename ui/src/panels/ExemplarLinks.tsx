// The newest exemplars as links: what the diamonds on the plot open, for those who do not point.
import type { Mark } from "../charts/exemplarMarks";
import { shortId } from "../model/ids";
import { Link } from "../routes/Link";
import { toTrace } from "../routes/links";
import "./exemplarLinks.css";

export function ExemplarLinks({
  marks,
  unit,
}: {
  marks: readonly Mark[];
  unit: (value: number) => string;
}) {
  if (marks.length === 0) return null;
  const byTrace = new Map(
    [...marks].sort((a, b) => a.time - b.time).map((mark) => [mark.traceId, mark]),
  );
  const newest = [...byTrace.values()].reverse().slice(0, 5);
  return (
    <span className="exemplars">
      <span className="dim">Exemplars (◇ opens its trace):</span>
      {newest.map((mark) => (
        <Link key={mark.traceId} to={toTrace(mark.traceId, mark.spanId)} className="link">
          {unit(mark.value)} <span className="mono">{shortId(mark.traceId)}</span>
        </Link>
      ))}
    </span>
  );
}
