// One line on the span with the most work of its own: a finding where it is most of the trace. It is there for
// every trace, so that the waterfall below does not move when spans arrive late.
import { Lightbulb } from "lucide-react";
import { useMemo } from "react";
import type { OpenTrace } from "../../backend/traces";
import { Button } from "../../design/Button";
import { at, heaviestSpan, nameOf, serviceOf } from "../../model/spanTree";
import { duration, percent } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";

export function TraceFinding({
  trace,
  onShow,
}: {
  trace: OpenTrace;
  onShow: (span: number) => void;
}) {
  const { tree } = trace;
  const found = useMemo(() => heaviestSpan(tree, trace.duration), [tree, trace.duration]);
  if (!found) return <p className="note trace-finding dim">No span has time of its own.</p>;
  const { span, share, dominant } = found;
  return (
    <p
      className="note trace-finding"
      data-tone={dominant ? "warn" : undefined}
      data-testid="finding"
    >
      <Lightbulb size={14} className={dominant ? "warn" : "dim"} aria-hidden />
      {dominant ? (
        <strong>{percent(share)} of this trace is one span:</strong>
      ) : (
        <span>Most time of its own, {percent(share)} of the trace:</span>
      )}
      <ServiceName name={serviceOf(tree, span)} />
      <span className="cut">{nameOf(tree, span)}</span>
      <span className="ink2">spent {duration(at(tree.selfTime, span))} on its own</span>
      <Button size="small" onClick={() => onShow(span)}>
        Show
      </Button>
    </p>
  );
}
