// Metrics by queries: a list of all there are on the left, queries on top, and one way of showing their answers.
import { useEffect, useMemo, useRef, useState } from "react";
import { completionSource } from "../../backend/completion";
import { useCatalogue, useQueryControl } from "../../backend/prometheus";
import { Splitter } from "../../design/Splitter";
import { useKeys } from "../../design/useKeys";
import { usePreferredWidth } from "../../design/usePreferredWidth";
import type { CatalogueEntry } from "../../model/catalogue";
import { windowOf } from "../../model/range";
import { receivedName } from "../../model/received";
import { rateWindow } from "../../model/step";
import { bucketQuery, suggestedQuery } from "../../model/suggestion";
import { MetricTabs } from "../../panels/MetricTabs";
import { changeParams, useAddress } from "../../routes/address";
import { useTimeRange } from "../../routes/useTimeRange";
import { Answers } from "./Answers";
import { ExplorerBar } from "./ExplorerBar";
import { MetricBrowser } from "./MetricBrowser";
import { QueryRow } from "./QueryRow";
import { readShow, useAnswers } from "./useAnswers";
import { useQueries } from "./useQueries";
import "./explorer.css";

const NONE: readonly string[] = [];

export function ExplorerPage() {
  const range = useTimeRange();
  const queries = useQueries();
  const show = readShow(useAddress().params.get("show"));
  const catalogue = useCatalogue(range, NONE);
  const answers = useAnswers(queries.all, show, catalogue.data);
  const control = useQueryControl();
  const [width, setWidth] = usePreferredWidth("explorer.browser", 280);
  const [active, setActive] = useState("A");
  const latest = useRef(range);
  latest.current = range;
  const source = useMemo(() => completionSource(() => latest.current), []);
  const { start, end } = windowOf(range, Date.now());
  const window = rateWindow((end - start) / 1000);
  const target = queries.all.find(({ letter }) => letter === active) ?? queries.all.at(-1);
  const run = () => {
    if (!queries.run()) control.again();
  };
  const pick = (entry: CatalogueEntry, add: boolean) => {
    const text =
      (show === "heat" ? bucketQuery(entry, window) : null) ?? suggestedQuery(entry, window);
    queries.put(add && !queries.full ? null : (target?.letter ?? null), text);
  };
  useReceived(catalogue.data, window);
  useKeys({
    q: () => document.querySelector<HTMLElement>(`[aria-label="Query ${target?.letter}"]`)?.focus(),
  });
  return (
    <div className="page explorer">
      <div className="explorer-side" style={{ width }}>
        <MetricBrowser range={range} onPick={pick} />
      </div>
      <Splitter
        width={width}
        min={200}
        max={520}
        direction={1}
        label="Width of the metric browser"
        onWidth={setWidth}
      />
      <div className="explorer-main">
        <header className="explorer-head">
          <MetricTabs />
        </header>
        <section className="query-rows" aria-label="Queries">
          {queries.all.map((query) => (
            <QueryRow
              key={query.letter}
              query={query}
              queries={queries}
              source={source}
              notes={answers.notesOf(query)}
              onRun={run}
              onFocus={() => setActive(query.letter)}
            />
          ))}
        </section>
        <ExplorerBar queries={queries} answers={answers} show={show} onRun={run} />
        <Answers answers={answers} show={show} onOpen={(text) => queries.put(null, text)} />
      </div>
    </div>
  );
}

/** `metric=shop.orders` in the address: its first query takes the place of the name. */
function useReceived(catalogue: readonly CatalogueEntry[] | undefined, window: string): void {
  const metric = useAddress().params.get("metric") ?? "";
  useEffect(() => {
    if (metric === "" || !catalogue) return;
    const entry = catalogue.find(({ name }) => receivedName(name, [metric]) !== null);
    changeParams(
      entry
        ? { metric: null, q: `A:${suggestedQuery(entry, window)}` }
        : { metric: null, text: metric },
      "replace",
    );
  }, [metric, catalogue, window]);
}
