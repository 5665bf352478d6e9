// How a target stands, as a sign and a word: never the colour alone.
import type { TargetState } from "../../model/targets";

const signs: Record<TargetState, readonly [sign: string, tone: string]> = {
  up: ["●", "ok"],
  down: ["▲", "bad"],
  unknown: ["○", "dim"],
  dropped: ["⊘", "dim"],
};

export function StateWord({ state }: { state: TargetState }) {
  const [sign, tone] = signs[state];
  return (
    <span className="state-word" data-state={state}>
      <span className={`sign ${tone}`} aria-hidden>
        {sign}
      </span>
      {state}
    </span>
  );
}
