// What is wrong with prometheus.yml: each fault with its place and its line, and that the last good version goes on.
import { CircleAlert } from "lucide-react";
import { CopyButton } from "../../design/CopyButton";
import { When } from "../../panels/When";
import type { Configuration } from "../../wire/api";

const MOST = 8;

export function ConfigurationFaults({ configuration }: { configuration: Configuration }) {
  const { file, faults, since, jobs } = configuration;
  if (faults.length === 0) return null;
  return (
    <section className="panel faults" role="alert" aria-label="Faults in prometheus.yml">
      <h2>
        <CircleAlert size={15} className="bad" aria-hidden />
        prometheus.yml has {faults.length === 1 ? "a fault" : `${faults.length} faults`}
      </h2>
      <p className="ink2">
        {since === null ? (
          "It was never without one, so nothing is scraped. It is read again as soon as it changes."
        ) : (
          <>
            The version read <When at={since} /> stays in force, with{" "}
            {jobs === 1 ? "1 job" : `${jobs} jobs`}. The file is read again as soon as it changes.
          </>
        )}
      </p>
      <ol className="fault-list">
        {faults.slice(0, MOST).map(({ line, column, message, text }) => (
          <li key={`${line}:${column} ${message}`}>
            <p className="fault-message">
              <span className="mono fault-place">
                {file}:{line}:{column}
              </span>
              <CopyButton text={`${file}:${line}:${column}`} label="Copy the place" />
              <span>{message}</span>
            </p>
            {text.trim() !== "" && (
              <pre className="fault-line">
                <span className="dim">{String(line).padStart(4)} │ </span>
                {text}
                {"\n"}
                <span className="bad">{`${" ".repeat(7 + Math.max(0, column - 1))}▲`}</span>
              </pre>
            )}
          </li>
        ))}
      </ol>
      {faults.length > MOST && <p className="dim">and {faults.length - MOST} more</p>}
    </section>
  );
}
