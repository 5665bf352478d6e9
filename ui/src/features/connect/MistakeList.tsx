// What the listeners saw go wrong, and what to do about each.
import { TriangleAlert } from "lucide-react";
import { useMistakes } from "../../backend/mistakes";
import { CodeBlock } from "../../design/CodeBlock";
import { exact } from "../../model/units";
import { StaleNote } from "../../panels/States";
import { When } from "../../panels/When";
import type { Mistake } from "../../wire/api";

export function MistakeList() {
  const state = useMistakes();
  const mistakes = state.data?.mistakes ?? [];
  return (
    <>
      <StaleNote state={state} />
      {state.isError && state.data === undefined && (
        <p className="note" data-tone="warn">
          Whether senders made mistakes could not be asked: {state.error.message}
        </p>
      )}
      {mistakes.length > 0 && (
        <section className="panel mistakes" aria-label="Mistakes of senders">
          {mistakes.map((mistake) => (
            <MistakeItem key={`${mistake.kind}:${mistake.port}`} mistake={mistake} />
          ))}
        </section>
      )}
    </>
  );
}

/** A remedy of several lines, or one that sets variables, is there to be pasted. */
function isPasteable(remedy: string): boolean {
  return remedy.includes("\n") || /^(export |OTEL_|watchglass )/.test(remedy);
}

function MistakeItem({ mistake }: { mistake: Mistake }) {
  return (
    <article className="mistake">
      <TriangleAlert size={16} className="warn" aria-hidden />
      <div>
        <h2>
          {mistake.title} <span className="dim mono">:{mistake.port}</span>
        </h2>
        <p className="ink2">{mistake.detail}</p>
        {isPasteable(mistake.remedy) ? (
          <CodeBlock text={mistake.remedy} label="remedy" />
        ) : (
          <p>{mistake.remedy}</p>
        )}
      </div>
      <span className="dim num">
        {exact(mistake.count)} {mistake.count === 1 ? "time" : "times"},{" "}
        <When at={mistake.last_seen} />
      </span>
    </article>
  );
}
