// The search for traces: a sentence of filters, a picture of time and duration, a list.
import { useTraceSearch } from "../../backend/traces";
import { readTraceFilters, readTraceSort } from "../../model/filters";
import { exact } from "../../model/units";
import { Answered, PartialNote } from "../../panels/States";
import { useAddress } from "../../routes/address";
import { useLive, useTimeRange } from "../../routes/useTimeRange";
import { NoTraces } from "./NoTraces";
import { TraceFilterBar } from "./TraceFilterBar";
import { MOST_TRACES, TraceResults } from "./TraceResults";
import { TraceScatter } from "./TraceScatter";
import "./traces.css";

export function TracesPage() {
  const { params } = useAddress();
  const filters = readTraceFilters(params);
  const sort = readTraceSort(params);
  const range = useTimeRange();
  const limit = Math.min(MOST_TRACES, Math.max(50, Number(params.get("limit")) || 500));
  const search = useTraceSearch({ filters, range, sort, limit }, useLive());
  return (
    <div className="page traces">
      <TraceFilterBar filters={filters} range={range} />
      <Answered state={search} what="traces">
        {(found) =>
          found.traces.length === 0 ? (
            <NoTraces found={found} />
          ) : (
            <>
              <TraceScatter
                traces={found.traces}
                range={range}
                stamp={search.dataUpdatedAt}
                more={sort === "newest" && found.traces.length < found.matched}
              />
              <p className="traces-total" aria-live="off" data-testid="traces-total">
                <strong>
                  {exact(found.matched)} trace{found.matched === 1 ? "" : "s"}
                </strong>
                {found.traces.length < found.matched && (
                  <span className="ink2">· the first {exact(found.traces.length)} shown</span>
                )}
                <span className="dim">
                  · {exact(found.examined_spans)} spans examined in {Math.round(found.elapsed_ms)}{" "}
                  ms
                </span>
                {found.complete ? (
                  <span className="dim">· complete</span>
                ) : (
                  <PartialNote>
                    partial: the search stopped early; narrow the time range or the filters
                  </PartialNote>
                )}
              </p>
              <TraceResults found={found} sort={sort} limit={limit} />
            </>
          )
        }
      </Answered>
    </div>
  );
}
