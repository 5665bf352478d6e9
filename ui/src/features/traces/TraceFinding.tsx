// One line where one span is most of the trace.
import { Lightbulb } from "lucide-react";
import { useMemo } from "react";
import type { OpenTrace } from "../../backend/traces";
import { Button } from "../../design/Button";
import { at, dominantSpan, nameOf, serviceOf } from "../../model/spanTree";
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
  const found = useMemo(() => dominantSpan(tree, trace.duration), [tree, trace.duration]);
  if (!found) return null;
  const { span, share } = found;
  return (
    <p className="note trace-finding" data-tone="warn" data-testid="finding">
      <Lightbulb size={14} className="warn" aria-hidden />
      <span>
        <strong>{percent(share)} of this trace is one span:</strong>
      </span>
      <ServiceName name={serviceOf(tree, span)} />
      <span className="cut">{nameOf(tree, span)}</span>
      <span className="ink2">spent {duration(at(tree.selfTime, span))} on its own</span>
      <Button size="small" onClick={() => onShow(span)}>
        Show
      </Button>
    </p>
  );
}
