// Where the time of a trace went, by service and operation: it fills what the waterfall leaves free.
import { TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { spanGroups } from "../../model/spanGroups";
import type { SpanTree } from "../../model/spanTree";
import { count, duration, exact, percent } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";

type TraceSummaryProps = {
  tree: SpanTree;
  /** Opens a span. */
  onOpen: (span: number) => void;
};

/** More kinds of spans than this are no summary. */
const MOST = 200;

export function TraceSummary({ tree, onOpen }: TraceSummaryProps) {
  const groups = useMemo(() => spanGroups(tree), [tree]);
  const self = Math.max(
    1,
    groups.reduce((sum, group) => sum + group.self, 0),
  );
  return (
    <section className="trace-summary" aria-label="Time by service and operation">
      <div className="trace-summary-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>Service</th>
              <th>Operation</th>
              <th className="num">Spans</th>
              <th className="num">Errors</th>
              <th className="num" title="Of all its spans together; those side by side count each">
                Total
              </th>
              <th className="num">Longest</th>
              <th className="num" title="Without what their children took">
                Self
              </th>
              <th>Share of the work</th>
            </tr>
          </thead>
          <tbody>
            {groups.slice(0, MOST).map((group) => (
              <tr key={`${group.service} ${group.operation}`}>
                <td>
                  <ServiceName name={group.service} />
                </td>
                <td>
                  <button
                    type="button"
                    className="trace-summary-open cut"
                    title={`${group.operation}: opens the longest`}
                    onClick={() => onOpen(group.span)}
                  >
                    {group.operation || "(unnamed)"}
                  </button>
                </td>
                <td className="num">{count(group.spans)}</td>
                <td className="num">
                  {group.errors > 0 ? (
                    <span className="bad">
                      <TriangleAlert size={11} aria-hidden /> {count(group.errors)}
                    </span>
                  ) : (
                    <span className="dim">–</span>
                  )}
                </td>
                <td className="num" title={`${exact(group.total)} ns`}>
                  {duration(group.total)}
                </td>
                <td className="num">{duration(group.longest)}</td>
                <td className="num" title={`${exact(group.self)} ns`}>
                  {duration(group.self)}
                </td>
                <td>
                  <span className="trace-summary-share">
                    <span className="trace-summary-bar" aria-hidden>
                      <span style={{ width: `${(group.self / self) * 100}%` }} />
                    </span>
                    {percent(group.self / self)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
