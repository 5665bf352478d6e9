// A query taken apart: every part with how many series it gives, how many samples it reads and how long it takes alone.
import { CornerDownRight } from "lucide-react";
import { useMemo } from "react";
import { flattened, type QueryNode, queryTree } from "../../editor/queryTree";
import { count, duration, exact } from "../../model/units";
import { Empty } from "../../panels/States";
import { type Measured, useMeasured } from "./useMeasured";

type ExplainViewProps = {
  letter: string;
  text: string;
  time: number;
  /** Runs a part as a query of its own. */
  onOpen: (text: string) => void;
};

export function ExplainView({ letter, text, time, onOpen }: ExplainViewProps) {
  const tree = useMemo(() => queryTree(text), [text]);
  const measured = useMeasured(tree, time);
  if (!tree) {
    return (
      <Empty title={`Query ${letter} cannot be read`}>
        <p className="ink2">What is wrong is underlined in the editor.</p>
      </Empty>
    );
  }
  const nodes = flattened(tree);
  const longest = Math.max(1e-9, ...[...measured.values()].map(({ seconds }) => seconds));
  const costly = costliest(nodes, measured);
  const sampled = [...measured.values()].some(({ samples }) => samples !== null);
  const timed = [...measured.values()].some(({ byServer }) => byServer);
  return (
    <section className="panel explain" aria-label="Explain">
      <table className="table">
        <thead>
          <tr>
            <th>Part of query {letter}</th>
            <th>Gives</th>
            <th className="num">Series</th>
            {sampled && <th className="num">Samples read</th>}
            <th className="num">Time alone</th>
            <th>
              <span className="sr-only">Share of the time</span>
            </th>
            <th>
              <span className="sr-only">Open</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => {
            const one = measured.get(node.id);
            return (
              <tr key={node.id} data-costly={node.id === costly}>
                <td>
                  <span
                    className="explain-part"
                    style={{ paddingLeft: node.depth * 18 }}
                    title={node.text}
                  >
                    {node.depth > 0 && <CornerDownRight size={11} className="dim" aria-hidden />}
                    <code data-kind={node.kind}>{node.head}</code>
                  </span>
                </td>
                <td className="dim">{givesWords[node.gives]}</td>
                <td className="num">
                  <SeriesCount one={one} node={node} />
                </td>
                {sampled && (
                  <td className="num" title={exact(one?.samples ?? 0)}>
                    {one?.samples == null ? "" : count(one.samples)}
                  </td>
                )}
                <td className="num">{one && !one.fault && duration(one.seconds * 1e9)}</td>
                <td className="explain-bar" aria-hidden>
                  <span style={{ width: `${((one?.seconds ?? 0) / longest) * 100}%` }} />
                </td>
                <td>
                  {node.gives !== "string" && node.depth > 0 && (
                    <button
                      type="button"
                      className="button"
                      data-size="small"
                      onClick={() => onOpen(node.text)}
                    >
                      Run alone
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="explain-note dim">
        Every part is run by itself at the end of the range, so that its time includes that of its
        operands. Times are the better of two runs,{" "}
        {timed ? "by the server's own clock." : "from asking to the answer."}
      </p>
    </section>
  );
}

const givesWords: Record<QueryNode["gives"], string> = {
  vector: "vector",
  matrix: "range",
  scalar: "scalar",
  string: "text",
  none: "",
};

function SeriesCount({ one, node }: { one: Measured | undefined; node: QueryNode }) {
  if (node.gives === "string") return null;
  if (!one) return <span className="dim">…</span>;
  if (one.fault)
    return (
      <span className="bad" title={one.fault}>
        failed
      </span>
    );
  if (one.value !== null) return <span className="dim">= {count(one.value)}</span>;
  if (one.series === 0) return <span className="warn">none</span>;
  return <span title={exact(one.series ?? 0)}>{count(one.series ?? 0)}</span>;
}

/** The part that adds most time to what its operands take; only where it is most of the whole. */
function costliest(
  nodes: readonly QueryNode[],
  measured: ReadonlyMap<string, Measured>,
): string | null {
  const time = (node: QueryNode) => measured.get(node.id)?.seconds ?? 0;
  const own = (node: QueryNode) =>
    time(node) - node.children.reduce((sum, child) => sum + time(child), 0);
  const [root] = nodes;
  // Times that include the way to the server are too rough to blame a part.
  if ([...measured.values()].some(({ byServer }) => !byServer)) return null;
  if (!root || measured.size < nodes.filter(({ gives }) => gives !== "string").length) return null;
  const most = [...nodes].sort((a, b) => own(b) - own(a))[0];
  return most && nodes.length > 2 && own(most) > time(root) * 0.5 ? most.id : null;
}
