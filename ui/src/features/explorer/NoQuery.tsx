// Nothing is asked yet: what to type, or, where no metric has arrived, what to send.
import { useCatalogue } from "../../backend/prometheus";
import { SendLines } from "../../panels/SendLines";
import { Empty } from "../../panels/States";
import { goTo, Link } from "../../routes/Link";
import { toConnect, toQuery } from "../../routes/links";
import { useTimeRange } from "../../routes/useTimeRange";
import { pastQueries } from "./pastQueries";

const NONE: readonly string[] = [];

const examples = [
  ["how many series each metric has", 'topk(10, count by (__name__) ({__name__!=""}))'],
  ["which services send metrics", 'count by (job) ({job!=""})'],
] as const;

export function NoQuery() {
  const state = useCatalogue(useTimeRange(), NONE);
  if (state.data?.length === 0) {
    return (
      <Empty title="No metrics in this time range">
        <p className="ink2">
          OpenTelemetry SDKs export metrics every 60 s unless told otherwise. While developing, ask
          for 5 s:
        </p>
        <SendLines
          more={["export OTEL_METRICS_EXPORTER=otlp", "export OTEL_METRIC_EXPORT_INTERVAL=5000"]}
        />
        <Link to={toConnect()} className="link">
          Connect a service
        </Link>
      </Empty>
    );
  }
  const past = pastQueries().slice(0, 5);
  return (
    <div className="state no-query" data-testid="empty">
      <strong>Ask about a metric</strong>
      <p className="ink2">
        Choose one on the left (<kbd className="kbd">/</kbd> finds, <kbd className="kbd">Enter</kbd>{" "}
        takes it), or write PromQL above: <kbd className="kbd">Ctrl Space</kbd> completes,{" "}
        <kbd className="kbd">Enter</kbd> runs.
      </p>
      <ul className="no-query-list">
        {past.map((text) => (
          <Example key={text} text={text} words="" />
        ))}
        {past.length === 0 &&
          examples.map(([words, text]) => <Example key={text} text={text} words={words} />)}
      </ul>
    </div>
  );
}

function Example({ text, words }: { text: string; words: string }) {
  return (
    <li>
      <button type="button" className="menu-item" onClick={() => goTo(toQuery(text))}>
        <code className="cut">{text}</code>
        {words !== "" && <span className="dim">{words}</span>}
      </button>
    </li>
  );
}
