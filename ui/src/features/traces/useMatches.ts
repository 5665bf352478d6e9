// Rows of a trace that hold a text: names and ids at once from here, attributes as the server finds them.
import { useMemo } from "react";
import { type OpenTrace, useFound } from "../../backend/traces";
import { useDebounced } from "../../design/useDebounced";
import { findLocally } from "../../model/spanTree";

export type Matches = { rows: number[]; looking: boolean; failed: boolean };

export function useMatches({ tree, trace_id }: OpenTrace, query: string): Matches {
  const text = query.trim();
  const asked = useDebounced(text, 180);
  const server = useFound(trace_id, asked);
  const local = useMemo(() => (text.length < 2 ? [] : findLocally(tree, text)), [tree, text]);
  const remote = text === asked && text.length >= 2 ? server.data?.rows : undefined;
  const rows = useMemo(() => {
    if (!remote || remote.length === 0) return local;
    return [...new Set([...local, ...remote])].sort((a, b) => a - b);
  }, [local, remote]);
  return {
    rows,
    looking: text.length >= 2 && (text !== asked || server.isFetching),
    failed: server.isError,
  };
}
