// Nothing found: says what was looked through and how to find more.
import { Button } from "../../design/Button";
import { CodeBlock } from "../../design/CodeBlock";
import { noTraceFilters, readTraceFilters, traceParams } from "../../model/filters";
import { describeRange, parseRelative } from "../../model/range";
import { exact } from "../../model/units";
import { SendLines } from "../../panels/SendLines";
import { Empty } from "../../panels/States";
import { changeParams, useAddress } from "../../routes/address";
import { Link } from "../../routes/Link";
import { toConnect } from "../../routes/links";
import { setTimeRange, useTimeRange } from "../../routes/useTimeRange";
import type { TraceList } from "../../wire/api";

export function NoTraces({ found }: { found: TraceList }) {
  const { params } = useAddress();
  const range = useTimeRange();
  const filtered = JSON.stringify(readTraceFilters(params)) !== JSON.stringify(noTraceFilters);
  const week = parseRelative("7d");
  return (
    <Empty title={filtered ? "No trace matches" : `No traces in the ${describeRange(range)}`}>
      <p className="ink2">
        {found.examined_spans > 0
          ? `${exact(found.examined_spans)} spans were looked through${found.complete ? "" : ", and the search stopped early"}.`
          : "Nothing was there to look through."}{" "}
        {filtered && "All conditions must hold on one and the same span."}
      </p>
      <div className="state-actions">
        {filtered && (
          <Button onClick={() => changeParams(traceParams(noTraceFilters))}>
            Clear the filters
          </Button>
        )}
        {week && <Button onClick={() => setTimeRange(week)}>Look at the last 7 days</Button>}
        {!filtered && (
          <Link to={toConnect()} className="button">
            Connect a service
          </Link>
        )}
      </div>
      {!filtered && (
        <>
          <p className="ink2">Point any OpenTelemetry program here, or watch the demo shop:</p>
          <SendLines />
          <CodeBlock text="watchglass demo" label="demo command" />
        </>
      )}
    </Empty>
  );
}
