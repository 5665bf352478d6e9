// Above the targets: how many are in each state, each a button that shows only those, and a text to find some.
import { useKeys } from "../../design/useKeys";
import { type TargetState, targetStates } from "../../model/targets";
import { exact } from "../../model/units";
import { MetricTabs } from "../../panels/MetricTabs";
import { changeParams } from "../../routes/address";
import { useParam } from "../../routes/useParam";
import { StateWord } from "./StateWord";

type TargetsHeadProps = {
  counts: Record<TargetState, number>;
  state: TargetState | "";
  /** Whether there is any job at all. */
  known: boolean;
};

export function TargetsHead({ counts, state, known }: TargetsHeadProps) {
  const [text, setText] = useParam("text");
  useKeys({ "/": () => document.getElementById("target-text")?.focus() });
  return (
    <header className="targets-head">
      <MetricTabs />
      {known && (
        <>
          <input
            id="target-text"
            className="field targets-text"
            placeholder="Job, address, label, error…  /"
            aria-label="Find a target"
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") event.currentTarget.blur();
            }}
          />
          <div className="targets-states" role="group" aria-label="State">
            {targetStates.map((one) => (
              <button
                key={one}
                type="button"
                className="button"
                aria-pressed={one === state}
                disabled={counts[one] === 0 && one !== state}
                title={one === state ? "Show all" : `Show only what is ${one}`}
                onClick={() => changeParams({ state: one === state ? null : one })}
              >
                <StateWord state={one} />
                <strong>{exact(counts[one])}</strong>
              </button>
            ))}
          </div>
        </>
      )}
    </header>
  );
}
