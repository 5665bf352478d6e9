// A target taken apart: the ways on, its labels before and after, and what each relabelling rule did to them.
import type { Samples } from "../../backend/targets";
import { useRelabelSteps } from "../../backend/targets";
import { useKeys } from "../../design/useKeys";
import { matcher, selector } from "../../model/labelSets";
import { relabelled, ruleEffects } from "../../model/relabelling";
import type { Target } from "../../model/targets";
import { exact } from "../../model/units";
import { Answered } from "../../panels/States";
import { goTo, Link } from "../../routes/Link";
import { toMetrics, toQuery } from "../../routes/links";
import type { LabelSet } from "../../wire/prometheus";
import { LabelComparison } from "./LabelComparison";
import { RuleList } from "./RuleList";

type TargetDetailsProps = { target: Target; samples: Samples | undefined };

export function TargetDetails({ target, samples }: TargetDetailsProps) {
  const { pool, discovered, labels, state } = target;
  const steps = useRelabelSteps(pool, discovered);
  useKeys({
    e: () => Object.keys(labels).length > 0 && goTo(toQuery(selector("up", ownMatchers(labels)))),
  });
  return (
    <div className="target-details">
      {state !== "dropped" && Object.keys(labels).length > 0 && (
        <p className="target-links">
          <span className="dim">Explore</span>
          <Ways target={target} />
          {samples && samples.kept < samples.scraped && (
            <span className="dim">
              metric relabelling and limits keep {exact(samples.kept)} of {exact(samples.scraped)}{" "}
              samples
            </span>
          )}
        </p>
      )}
      <div className="target-columns">
        <section aria-label="Labels before and after relabelling">
          <h3>Labels: discovered, and what its series have</h3>
          <LabelComparison before={discovered} after={labels} dropped={state === "dropped"} />
        </section>
        <section aria-label="Relabelling rules">
          <h3>Relabelling, rule by rule</h3>
          <Answered state={steps} what="the rules">
            {(found) => (
              <RuleList
                effects={ruleEffects(discovered, found)}
                left={relabelled(discovered, found)}
                labels={labels}
                dropped={state === "dropped"}
              />
            )}
          </Answered>
        </section>
      </div>
    </div>
  );
}

const figures = [
  ["up", "up"],
  ["scrape duration", "scrape_duration_seconds"],
  ["samples", "scrape_samples_scraped"],
] as const;

const own = ["job", "instance"];

function ownMatchers(labels: LabelSet): string[] {
  return own.flatMap((name) => {
    const value = labels[name];
    return value === undefined ? [] : [matcher(name, "=", value)];
  });
}

/** The time range follows by itself. */
function Ways({ target: { labels } }: { target: Target }) {
  const matchers = ownMatchers(labels);
  // The browser of metrics reads `label=value`, with quotes where there are blanks.
  const words = own.flatMap((name) => {
    const value = labels[name];
    if (value === undefined) return [];
    return /[\s"]/.test(value) ? `${name}="${value}"` : `${name}=${value}`;
  });
  return (
    <>
      {figures.map(([word, name]) => (
        <Link key={name} className="link" to={toQuery(selector(name, matchers))}>
          {word}
        </Link>
      ))}
      <Link className="link" to={toMetrics(words.join(" "))}>
        all its metrics
      </Link>
    </>
  );
}
