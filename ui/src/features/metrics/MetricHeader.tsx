// The name of a metric, what it is, and which way of showing it is on.
import { useKeys } from "../../design/useKeys";
import { changeParams } from "../../routes/address";
import { goTo, Link } from "../../routes/Link";
import { toExplored } from "../../routes/links";
import type { MetricSeries } from "../../wire/api";
import { ExportMenu } from "./ExportMenu";
import { type Show, showWords } from "./lines";
import { typeWord } from "./MetricTable";

type MetricHeaderProps = { found: MetricSeries; show: Show; choices: readonly Show[] };

export function MetricHeader({ found, show, choices }: MetricHeaderProps) {
  useKeys({ e: () => goTo(toExplored(found.name)) });
  return (
    <header className="metric-header">
      <h1 className="mono cut">{found.name}</h1>
      <span className="ink2">{typeWord(found)}</span>
      {found.temporality !== "unspecified" && <span className="dim">{found.temporality}</span>}
      {found.unit !== "" && <span className="dim">unit {found.unit}</span>}
      <Link className="link" to={toExplored(found.name)} title="Explore (e)">
        Query with PromQL
      </Link>
      <span className="spacer" />
      {choices.length > 1 && (
        <div className="metric-choices" role="group" aria-label="Show">
          {choices.map((choice) => (
            <button
              key={choice}
              type="button"
              className="button"
              aria-pressed={choice === show}
              onClick={() => changeParams({ show: choice === choices[0] ? null : choice })}
            >
              {showWords[choice]}
            </button>
          ))}
        </div>
      )}
      <ExportMenu name={found.name} show={show} />
    </header>
  );
}
