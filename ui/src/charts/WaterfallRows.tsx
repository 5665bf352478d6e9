// The rows on screen as tree items: unseen, but named, so that screen readers and tests find what the canvas shows.
import { memo } from "react";
import { at, type Collapsed, ERROR, nameOf, type SpanTree, serviceOf } from "../model/spanTree";
import { duration } from "../model/units";
import { ROW } from "./waterfallScene";

type WaterfallRowsProps = {
  tree: SpanTree;
  rows: Int32Array;
  collapsed: Collapsed;
  selected: number;
  first: number;
  count: number;
};

export const WaterfallRows = memo(function WaterfallRows(props: WaterfallRowsProps) {
  const { tree, rows, collapsed, selected, first, count } = props;
  const shown = Array.from(rows.subarray(first, first + count));
  return shown.map((span, i) => {
    const logs = at(tree.logs, span);
    return (
      <div
        // By place, not by span: scrolling then changes elements instead of making new ones.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        key={i}
        id={`span-${span}`}
        role="treeitem"
        tabIndex={-1}
        aria-level={at(tree.depth, span) + 1}
        aria-selected={span === selected}
        aria-expanded={at(tree.descendants, span) > 0 ? !collapsed.has(span) : undefined}
        aria-setsize={rows.length}
        aria-posinset={first + i + 1}
        className="waterfall-row"
        style={{ top: (first + i) * ROW, height: ROW }}
        title={`${serviceOf(tree, span)}  ${nameOf(tree, span)}  ${duration(at(tree.duration, span))}`}
        aria-label={
          `${serviceOf(tree, span)} ${nameOf(tree, span)} ${duration(at(tree.duration, span))}` +
          `${at(tree.status, span) === ERROR ? " error" : ""}${logs > 0 ? ` ${logs} logs` : ""}`
        }
      />
    );
  });
});
