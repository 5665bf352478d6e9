// Home with nothing on it: the shortest ways to see something, with the real addresses.
import { CodeBlock } from "../../design/CodeBlock";
import { SendLines } from "../../panels/SendLines";
import { Link } from "../../routes/Link";
import { toConnect } from "../../routes/links";
import { setTimeRange } from "../../routes/useTimeRange";
import type { Status } from "../../wire/api";

export function FirstSteps({ status }: { status: Status | null }) {
  const older =
    (status?.store.spans ?? 0) + (status?.store.log_records ?? 0) + (status?.store.points ?? 0) > 0;
  return (
    <section className="panel first-steps" data-testid="empty" aria-label="First steps">
      {older && (
        <p>
          There is older data.{" "}
          <button
            type="button"
            className="button"
            onClick={() => setTimeRange({ kind: "relative", text: "7d", seconds: 7 * 86400 })}
          >
            Show the last 7 days
          </button>
        </p>
      )}
      <h2>Send something</h2>
      <ol>
        <li>
          <p>See it full first: a small shop with traffic, on this machine.</p>
          <CodeBlock label="demo command" text="watchglass demo" />
        </li>
        <li>
          <p>Start one of your own programs with everything set for it.</p>
          <CodeBlock label="run command" text="watchglass run -- python app.py" />
        </li>
        <li>
          <p>Or point anything that speaks OpenTelemetry here.</p>
          <SendLines more={["export OTEL_SERVICE_NAME=my-service"]} />
        </li>
      </ol>
      <p>
        <Link to={toConnect()} className="link">
          Lines for Python, Node, Java, Go, .NET, Rust and the Collector
        </Link>
      </p>
    </section>
  );
}
