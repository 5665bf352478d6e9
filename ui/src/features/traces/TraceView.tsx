// An opened trace: header, finding, minimap, waterfall and side panel, held together.
import { useMemo } from "react";
import { useTraceLogs } from "../../backend/logs";
import type { OpenTrace } from "../../backend/traces";
import { Minimap } from "../../charts/Minimap";
import { useTokens } from "../../charts/tokens";
import { Waterfall } from "../../charts/Waterfall";
import { ROW, RULER } from "../../charts/waterfallScene";
import { Splitter } from "../../design/Splitter";
import { usePreferredWidth } from "../../design/usePreferredWidth";
import { noLogs, spanLogs } from "../../model/spanLogs";
import { countSpans } from "../../model/spanTree";
import { knowServices, serviceColour } from "../../panels/serviceColours";
import { FindBar } from "./FindBar";
import { SidePanel } from "./SidePanel";
import { TraceFinding } from "./TraceFinding";
import { TraceHeader } from "./TraceHeader";
import { TraceSummary } from "./TraceSummary";
import { useMatches } from "./useMatches";
import { useTraceKeys } from "./useTraceKeys";
import { useTraceState } from "./useTraceState";

/** Room under the last span. */
const FOOT = 10;

const noMatches: ReadonlySet<number> = new Set();

export function TraceView({ trace }: { trace: OpenTrace }) {
  const { tree, duration } = trace;
  const tokens = useTokens();
  const state = useTraceState(trace);
  const counts = useMemo(() => countSpans(tree), [tree]);
  const colours = useMemo(() => {
    knowServices(tree.services);
    return tree.services.map((name) => serviceColour(name, tokens.theme));
  }, [tree, tokens.theme]);
  const records = useTraceLogs(trace.trace_id, "", tree.logs.some(Boolean)).data?.records;
  const logs = useMemo(
    () => (records ? spanLogs(tree, trace.start, records) : noLogs),
    [tree, trace.start, records],
  );
  const matches = useMatches(trace, state.query);
  const matching = useMemo(
    () => (matches.rows.length > 0 ? new Set(matches.rows) : noMatches),
    [matches.rows],
  );
  const [column, setColumn] = usePreferredWidth("trace.column", 380);
  const [panelWidth, setPanelWidth] = usePreferredWidth("trace.panel", 400);
  useTraceKeys(trace, state, matches.rows);
  const open = (span: number) => {
    state.select(span);
    state.setPanel("span");
  };
  return (
    <>
      <TraceHeader
        trace={trace}
        counts={counts}
        state={state}
        find={<FindBar state={state} matches={matches} />}
      />
      <TraceFinding trace={trace} onShow={open} />
      <div className="trace-minimap">
        <Minimap
          tree={tree}
          duration={duration}
          colours={colours}
          tokens={tokens}
          view={state.view}
          onView={state.setView}
        />
      </div>
      <div className="trace-body">
        <div className="trace-left">
          <div
            className="trace-waterfall"
            style={{ flexBasis: RULER + state.rows.length * ROW + FOOT }}
          >
            <Waterfall
              tree={tree}
              rows={state.rows}
              collapsed={state.collapsed}
              column={column}
              view={state.view}
              selected={state.selected}
              matches={matching}
              colours={colours}
              deepest={counts.deepest}
              logs={logs}
              tokens={tokens}
              duration={duration}
              onView={state.setView}
              onSelect={open}
              onOpen={open}
              onToggle={state.toggle}
            />
            <div className="column-edge" style={{ left: column }}>
              <Splitter
                width={column}
                min={160}
                max={900}
                direction={1}
                label="Width of the names"
                onWidth={setColumn}
              />
            </div>
          </div>
          <TraceSummary tree={tree} onOpen={open} />
        </div>
        {state.panel !== "" && (
          <>
            <Splitter
              width={panelWidth}
              min={280}
              max={900}
              direction={-1}
              label="Width of the panel"
              onWidth={setPanelWidth}
            />
            <aside className="trace-side" style={{ width: panelWidth }} aria-label="Details">
              <SidePanel trace={trace} state={state} />
            </aside>
          </>
        )}
      </div>
    </>
  );
}
