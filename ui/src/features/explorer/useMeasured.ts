// Runs the parts of a query one after the other, so that none slows another down, each twice, and keeps the better time.
import { useEffect, useState } from "react";
import { measure } from "../../backend/prometheus";
import { countQuery, flattened, type QueryNode } from "../../editor/queryTree";
import { numberOf } from "../../model/matrix";
import type { QueryAnswer } from "../../wire/prometheus";

export type Measured = {
  /** How many series the part gives; for a scalar its value. */
  series: number | null;
  value: number | null;
  seconds: number;
  /** Whether the server told the time: otherwise it was measured here. */
  byServer: boolean;
  samples: number | null;
  fault: string | null;
};

export function useMeasured(tree: QueryNode | null, time: number): ReadonlyMap<string, Measured> {
  const [found, setFound] = useState<ReadonlyMap<string, Measured>>(new Map());
  useEffect(() => {
    const stop = new AbortController();
    setFound(new Map());
    const run = async () => {
      const all = new Map<string, Measured>();
      // The leaves first: each part is then read from what its operands have warmed.
      for (const node of tree ? flattened(tree).reverse() : []) {
        const query = countQuery(node);
        if (query === null) continue;
        const measured = await measuredOne(query, node.gives === "scalar", time, stop.signal);
        if (stop.signal.aborted) return;
        all.set(node.id, measured);
        setFound(new Map(all));
      }
    };
    void run();
    return () => stop.abort();
  }, [tree, time]);
  return found;
}

async function measuredOne(
  query: string,
  scalar: boolean,
  time: number,
  signal: AbortSignal,
): Promise<Measured> {
  try {
    const cold = await measure(query, time, signal);
    const { answer, stats, elapsed } = await measure(query, time, signal);
    const told = stats.timings?.evalTotalTime;
    const before = cold.stats.timings?.evalTotalTime;
    const seconds =
      told !== undefined && before !== undefined
        ? Math.min(told, before)
        : Math.min(elapsed, cold.elapsed) / 1000;
    const number = numberIn(answer);
    return {
      series: scalar ? null : (number ?? 0),
      value: scalar ? number : null,
      seconds,
      byServer: told !== undefined,
      samples: stats.samples?.totalQueryableSamples ?? null,
      fault: null,
    };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { series: null, value: null, seconds: 0, byServer: false, samples: null, fault };
  }
}

function numberIn(answer: QueryAnswer): number | null {
  if (answer.resultType === "scalar") return numberOf(answer.result[1]);
  if (answer.resultType !== "vector") return null;
  const value = answer.result[0]?.value;
  return value ? numberOf(value[1]) : null;
}
