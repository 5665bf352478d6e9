// The state of one opened trace: selection, folds, zoom, find and panel. All of it lives in the address.
import { useMemo } from "react";
import type { OpenTrace } from "../../backend/traces";
import type { View } from "../../charts/waterfallScene";
import { clampView } from "../../charts/waterfallScene";
import { collapsedOf, hiddenBy, toggleFold } from "../../model/fold";
import { type Collapsed, visibleRows } from "../../model/spanTree";
import { useParam } from "../../routes/useParam";

export type TracePanel = "" | "span" | "logs";

export type TraceState = {
  selected: number;
  select: (span: number) => void;
  collapsed: Collapsed;
  rows: Int32Array;
  fold: string;
  setFold: (fold: string) => void;
  toggle: (span: number) => void;
  view: View;
  setView: (view: View) => void;
  query: string;
  setQuery: (query: string) => void;
  panel: TracePanel;
  setPanel: (panel: TracePanel) => void;
};

export function useTraceState({ tree, duration }: OpenTrace): TraceState {
  const [spanId, setSpanId] = useParam("span");
  const [fold, setFold] = useParam("fold");
  const [zoom, setZoom] = useParam("view");
  const [query, setQuery] = useParam("q");
  const [panelText, setPanelText] = useParam("panel");
  const selected = useMemo(() => (spanId === "" ? -1 : tree.ids.indexOf(spanId)), [tree, spanId]);
  const collapsed = useMemo(() => collapsedOf(tree, fold), [tree, fold]);
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed]);
  const view = useMemo(() => readView(zoom, duration), [zoom, duration]);
  const select = (span: number) => {
    setSpanId(tree.ids[span] ?? "");
    const closed = hiddenBy(tree, collapsed, span);
    if (closed.length > 0) setFold(toggleFold(fold, closed));
  };
  return {
    selected,
    select,
    collapsed,
    rows,
    fold,
    setFold,
    toggle: (span) => setFold(toggleFold(fold, [tree.ids[span] ?? ""])),
    view,
    setView: ({ from, to }) =>
      setZoom(from <= 0 && to >= duration ? "" : `${Math.floor(from)}-${Math.ceil(to)}`),
    query,
    setQuery,
    panel: panelText === "logs" ? "logs" : panelText === "span" && selected >= 0 ? "span" : "",
    setPanel: setPanelText,
  };
}

function readView(text: string, duration: number): View {
  const found = /^(\d+)-(\d+)$/.exec(text);
  if (!found) return { from: 0, to: duration };
  return clampView(Number(found[1]), Number(found[2]), duration);
}
