// The side panel of a trace: one span in full, or all logs of the trace.
import { X } from "lucide-react";
import type { OpenTrace } from "../../backend/traces";
import { Button } from "../../design/Button";
import { SpanPanel } from "./SpanPanel";
import { TraceLogs } from "./TraceLogs";
import type { TraceState } from "./useTraceState";

export function SidePanel({ trace, state }: { trace: OpenTrace; state: TraceState }) {
  const close = (
    <Button
      tone="plain"
      size="small"
      icon
      aria-label="Close the panel"
      title="Close (Esc)"
      onClick={() => state.setPanel("")}
    >
      <X size={14} />
    </Button>
  );
  if (state.panel === "logs") {
    return (
      <>
        <div className="side-head">
          <h2>Logs of this trace</h2>
          <span className="spacer" />
          {close}
        </div>
        <TraceLogs traceId={trace.trace_id} spanId="" trace={trace} />
      </>
    );
  }
  return <SpanPanel trace={trace} span={state.selected} close={close} onSelect={state.select} />;
}
