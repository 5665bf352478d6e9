// Under the queries: add one, take an older one, the step, the way of showing, and what the last run cost.
import { History, Play, Plus, Square } from "lucide-react";
import { useEffect, useState } from "react";
import { useQueryControl } from "../../backend/prometheus";
import { Button } from "../../design/Button";
import { PickList } from "../../design/PickList";
import { Popup } from "../../design/Popup";
import { printSeconds, stepChoices } from "../../model/step";
import { duration } from "../../model/units";
import { changeParams, useAddress } from "../../routes/address";
import { drawnChoices, readDrawn } from "./drawn";
import { pastQueries } from "./pastQueries";
import { type Answered, type Show, shows, showWords } from "./useAnswers";
import type { Queries } from "./useQueries";

type ExplorerBarProps = { queries: Queries; answers: Answered; show: Show; onRun: () => void };

export function ExplorerBar({ queries, answers, show, onRun }: ExplorerBarProps) {
  const { cancel } = useQueryControl();
  const { params } = useAddress();
  const { isFetching } = answers.state;
  const stoppable = useLasting(isFetching && answers.asked.length > 0);
  const exemplars = params.get("exemplars") !== "off";
  return (
    <div className="explorer-bar">
      <Button
        size="small"
        disabled={queries.full}
        title="Add a query"
        onClick={() => queries.put(null, "")}
      >
        <Plus size={12} aria-hidden /> Query
      </Button>
      <PastQueries onPick={(text) => queries.put(queries.all.at(-1)?.letter ?? null, text)} />
      <StepChoice step={answers.step} />
      {show === "graph" && <DrawnChoice />}
      {(show === "graph" || show === "heat") && (
        <Button
          size="small"
          aria-pressed={exemplars}
          title="Exemplars are requests that were measured: each ◇ opens its trace"
          onClick={() => changeParams({ exemplars: exemplars ? "off" : null }, "replace")}
        >
          ◇ Exemplars{answers.marks.length > 0 && ` · ${answers.marks.length}`}
        </Button>
      )}
      <ChosenQuery answers={answers} show={show} />
      <span className="spacer" />
      <Cost answers={answers} />
      <div className="metric-choices" role="group" aria-label="Show">
        {shows.map((one) => (
          <Button
            key={one}
            size="small"
            aria-pressed={one === show}
            onClick={() => changeParams({ show: one === "graph" ? null : one })}
          >
            {showWords[one]}
          </Button>
        ))}
      </div>
      <Button
        size="small"
        tone="primary"
        className="run"
        title={stoppable ? "Stop the queries" : "Run (Enter in a query)"}
        onClick={stoppable ? cancel : onRun}
      >
        {stoppable ? (
          <>
            <Square size={11} aria-hidden /> Stop
          </>
        ) : (
          <>
            <Play size={12} aria-hidden /> Run
          </>
        )}
      </Button>
    </div>
  );
}

/** On once something has been so for a while: what is answered at once needs no way to stop it. */
function useLasting(on: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    const timer = on ? setTimeout(() => setLate(true), 600) : undefined;
    return () => clearTimeout(timer);
  }, [on]);
  return on && late;
}

function Cost({ answers: { state } }: { answers: Answered }) {
  const elapsed = Math.max(0, ...(state.data ?? []).map(({ answer }) => answer?.elapsed ?? 0));
  if (elapsed === 0) return null;
  return (
    <span className="dim explorer-cost" title="From asking to the answer, the slowest query">
      {duration(elapsed * 1e6)}
    </span>
  );
}

/** Which query a heat map or an explanation is of, where there are several. */
function ChosenQuery({ answers: { asked, chosen }, show }: { answers: Answered; show: Show }) {
  if (asked.length < 2 || show === "graph" || show === "table") return null;
  return (
    <div className="metric-choices" role="group" aria-label="Of query">
      {asked.map(({ letter }) => (
        <Button
          key={letter}
          size="small"
          aria-pressed={letter === chosen?.letter}
          onClick={() => changeParams({ of: letter })}
        >
          {letter}
        </Button>
      ))}
    </div>
  );
}

function StepChoice({ step }: { step: number }) {
  const chosen = useAddress().params.get("step") ?? "";
  return (
    <label className="step-choice">
      <span className="dim">step</span>
      <select
        className="field"
        value={chosen}
        onChange={(event) => changeParams({ step: event.target.value || null })}
      >
        <option value="">auto, {printSeconds(step)}</option>
        {stepChoices.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function DrawnChoice() {
  const drawn = readDrawn(useAddress().params.get("drawn"));
  return (
    <label className="step-choice">
      <span className="dim">as</span>
      <select
        className="field"
        value={drawn}
        onChange={({ target: { value } }) =>
          changeParams({ drawn: value === "lines" ? null : value }, "replace")
        }
      >
        {drawnChoices.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function PastQueries({ onPick }: { onPick: (text: string) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = open
    ? pastQueries().filter((one) => words.every((word) => one.toLowerCase().includes(word)))
    : [];
  return (
    <Popup
      label="Past queries"
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setText("");
      }}
      trigger={
        <Button size="small" title="Past queries (Ctrl ↑ in a query)">
          <History size={12} aria-hidden /> History
        </Button>
      }
    >
      <div className="past-queries">
        <PickList
          items={found.map((one) => ({ id: one, label: <code>{one}</code> }))}
          text={text}
          onText={setText}
          label="Past queries"
          placeholder="Find a query that was run"
          empty="None yet."
          onPick={(one) => {
            setOpen(false);
            onPick(one);
          }}
        />
      </div>
    </Popup>
  );
}
