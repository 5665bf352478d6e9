// Nothing is scraped yet: where the file belongs, and the lines that begin it.
import { useStatus } from "../../backend/events";
import { CodeBlock } from "../../design/CodeBlock";
import { Empty } from "../../panels/States";
import { Link } from "../../routes/Link";
import { toConnect } from "../../routes/links";

/** Watchglass has a /metrics itself, so that the lines work before there is a service to put in its place. */
function lines(address: string): string {
  return [
    "scrape_configs:",
    "  - job_name: my-service",
    "    scrape_interval: 5s",
    "    static_configs:",
    `      - targets: ["${address}"]`,
  ].join("\n");
}

export function NoTargets({ file }: { file: string }) {
  const main = useStatus()?.receivers.find(({ name }) => name === "main")?.address;
  return (
    <Empty title="Nothing is scraped yet">
      <p className="ink2">
        Watchglass reads <code>prometheus.yml</code> as Prometheus does: every scrape option,
        service discovery and relabelling. Save these lines as
      </p>
      {file !== "" && <CodeBlock label="the path" text={file} />}
      <CodeBlock label="prometheus.yml" text={lines(main ?? "127.0.0.1:4319")} />
      <p className="ink2">
        and the targets appear here within a second. The address is Watchglass’s own: put in that of
        anything that has <code>/metrics</code>. What sends by itself needs none of this:{" "}
        <Link className="link" to={toConnect()}>
          connect a service
        </Link>
        .
      </p>
    </Empty>
  );
}
