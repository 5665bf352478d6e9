// The newest exemplars as links: what the diamonds on the plot open, for those who do not point.
import type { Mark } from "../../charts/exemplarMarks";
import { shortId } from "../../model/ids";
import { Link } from "../../routes/Link";
import { toTrace } from "../../routes/links";

export function ExemplarLinks({
  marks,
  unit,
}: {
  marks: readonly Mark[];
  unit: (value: number) => string;
}) {
  if (marks.length === 0) return null;
  const newest = [...marks].sort((a, b) => b.time - a.time).slice(0, 5);
  return (
    <span className="exemplars">
      <span className="dim">Exemplars (◇ opens its trace):</span>
      {newest.map((mark) => (
        <Link
          key={`${mark.traceId}${mark.time}`}
          to={toTrace(mark.traceId, mark.spanId)}
          className="link"
        >
          {unit(mark.value)} <span className="mono">{shortId(mark.traceId)}</span>
        </Link>
      ))}
    </span>
  );
}
