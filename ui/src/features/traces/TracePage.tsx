// One trace by its id: fetched once, refreshed while its spans still arrive.
import { useTrace } from "../../backend/traces";
import { Answered } from "../../panels/States";
import { useLive } from "../../routes/useTimeRange";
import { TraceView } from "./TraceView";
import "./trace.css";

export function TracePage({ traceId }: { traceId: string }) {
  const trace = useTrace(traceId, useLive());
  return (
    <div className="trace-page">
      <Answered state={trace} what="trace">
        {(opened) => <TraceView trace={opened} />}
      </Answered>
    </div>
  );
}
