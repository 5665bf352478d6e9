// No records: why, and how to get some.
import { Button } from "../../design/Button";
import { logParams, noLogFilters } from "../../model/filters";
import { describeRange, parseRelative, type TimeRange } from "../../model/range";
import { SendLines } from "../../panels/SendLines";
import { Empty } from "../../panels/States";
import { changeParams } from "../../routes/address";
import { Link } from "../../routes/Link";
import { toConnect } from "../../routes/links";
import { setTimeRange } from "../../routes/useTimeRange";

type NoLogsProps = { filtered: boolean; live: boolean; range: TimeRange };

export function NoLogs({ filtered, live, range }: NoLogsProps) {
  const week = parseRelative("7d");
  return (
    <Empty title={filtered ? "No record matches" : `No logs in the ${describeRange(range)}`}>
      {live && <p className="ink2">New records appear here the moment they arrive.</p>}
      <div className="state-actions">
        {filtered && (
          <Button onClick={() => changeParams(logParams(noLogFilters))}>Clear the filters</Button>
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
          <p className="ink2">Many SDKs send logs only when asked to. For Python:</p>
          <SendLines
            more={[
              "export OTEL_LOGS_EXPORTER=otlp",
              "export OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED=true",
            ]}
          />
        </>
      )}
    </Empty>
  );
}
