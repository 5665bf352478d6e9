// The answers in the chosen way, or what there is to say instead: nothing asked, still running, cancelled, failed, empty.
import { CircleAlert } from "lucide-react";
import { lazy, Suspense } from "react";
import { ApiError } from "../../backend/http";
import { type Outcome, useQueryControl } from "../../backend/prometheus";
import { Button } from "../../design/Button";
import { describeRange, windowOf } from "../../model/range";
import { Empty, Failure, Loading, StaleNote } from "../../panels/States";
import { useTimeRange } from "../../routes/useTimeRange";
import { GraphView } from "./GraphView";
import { HeatView } from "./HeatView";
import { NoQuery } from "./NoQuery";
import { TableView } from "./TableView";
import type { Answered, Show } from "./useAnswers";

// Taking a query apart needs the grammar, which is a part of the editor's chunk.
const ExplainView = lazy(() =>
  import("./ExplainView").then(({ ExplainView }) => ({ default: ExplainView })),
);

type AnswersProps = { answers: Answered; show: Show; onOpen: (text: string) => void };

export function Answers({ answers, show, onOpen }: AnswersProps) {
  const { asked, state } = answers;
  const control = useQueryControl();
  if (asked.length === 0) return <NoQuery />;
  // An answer to the queries before stands in while the new one is on its way, but not for one that was stopped.
  const stopped = state.fetchStatus === "idle" && state.isPlaceholderData;
  if (state.data === undefined || stopped) {
    if (state.error)
      return <Failure error={state.error} what="the answers" onRetry={control.again} />;
    if (state.fetchStatus === "idle") {
      return (
        <Empty title="Cancelled">
          <p className="ink2">The query was stopped before it was answered.</p>
          <Button onClick={control.again}>Run again</Button>
        </Empty>
      );
    }
    return (
      <div className="explorer-waiting">
        <Loading what="the answers" />
        <Button onClick={control.cancel}>Cancel</Button>
      </div>
    );
  }
  return (
    <>
      <StaleNote state={state} />
      <div className="explorer-shown" data-old={state.isPlaceholderData}>
        <Shown answers={answers} show={show} onOpen={onOpen} />
      </div>
    </>
  );
}

function Shown({ answers, show, onOpen }: AnswersProps) {
  const range = useTimeRange();
  const { range: ranged, instant, known, chosen, marks } = answers;
  const outcomes: readonly Outcome<unknown>[] = answers.state.data ?? [];
  const window = windowOf(range, answers.state.dataUpdatedAt || Date.now());
  if (outcomes.length > 0 && outcomes.every(({ fault }) => fault !== null))
    return <Faults outcomes={outcomes} />;
  if (show === "explain" && chosen) {
    return (
      <Suspense fallback={<Loading what="the grammar" />}>
        <ExplainView
          letter={chosen.letter}
          text={chosen.text}
          time={instant.data?.[0]?.answer?.time ?? window.end}
          onOpen={onOpen}
        />
      </Suspense>
    );
  }
  const [first] = ranged.data ?? [];
  if (show === "heat" && first)
    return <HeatView outcome={first} marks={marks} window={window} known={known} />;
  if (isEmpty(answers, show)) return <Nothing />;
  if (show === "table") return <TableView outcomes={instant.data ?? []} known={known} />;
  return <GraphView outcomes={ranged.data ?? []} marks={marks} window={window} known={known} />;
}

function isEmpty({ range, instant }: Answered, show: Show): boolean {
  if (show === "graph")
    return (range.data ?? []).every(({ answer }) => (answer?.matrix.length ?? 0) === 0);
  return (instant.data ?? []).every(({ answer }) => answer?.answer.result.length === 0);
}

function Nothing() {
  const range = useTimeRange();
  return (
    <Empty title={`No series in the ${describeRange(range)}`}>
      <p className="ink2">
        The query is sound, and nothing fits it. Check the label values (Ctrl Space after a quote
        lists them), give <code>rate</code> a longer window, or widen the time range.
      </p>
    </Empty>
  );
}

/** Every query failed: what, where and what to do stands under each; here is the way on. */
function Faults({ outcomes }: { outcomes: readonly Outcome<unknown>[] }) {
  const codes = outcomes.map(({ fault }) => (fault instanceof ApiError ? fault.code : ""));
  return (
    <div className="state">
      <CircleAlert size={20} className="bad" aria-hidden />
      <strong>
        {outcomes.length === 1
          ? `Query ${outcomes[0]?.letter} was not answered`
          : "No query was answered"}
      </strong>
      <p className="ink2">
        The text under it says why.{" "}
        {codes.includes("bad_data") && "The place where it goes wrong is underlined."}
        {codes.includes("timeout") &&
          "A shorter time range, a coarser step or fewer series make a query cheaper."}
        {codes.includes("execution") &&
          "Explain shows which part gives what: run the parts alone to find the one that clashes."}
      </p>
    </div>
  );
}
