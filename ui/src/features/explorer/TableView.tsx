// The queries at one instant, the end of the range: every series a row, in the order the query gives.
import { useMemo } from "react";
import type { InstantAnswer, Outcome } from "../../backend/prometheus";
import { numberOf } from "../../model/matrix";
import { queryUnit, type UnitOf, unitWriter } from "../../model/queryUnit";
import { clock, day } from "../../model/time";
import { count, exact } from "../../model/units";
import type { QueryAnswer, VectorElement, WireHistogram } from "../../wire/prometheus";
import { type LabelRow, LabelTable } from "./LabelTable";

type TableViewProps = { outcomes: readonly Outcome<InstantAnswer>[]; known: UnitOf };

export function TableView({ outcomes, known }: TableViewProps) {
  const rows = useMemo(
    () =>
      outcomes.flatMap(({ letter, text, answer }) =>
        answer ? rowsOf(letter, text, answer.answer, unitWriter(queryUnit(text, known))) : [],
      ),
    [outcomes, known],
  );
  const time = outcomes.find(({ answer }) => answer)?.answer?.time;
  if (rows.length === 0) return null;
  return (
    <>
      {time !== undefined && (
        <p className="explorer-note dim">
          {exact(rows.length)} rows at {day(time)} {clock(time)}
        </p>
      )}
      <LabelTable label="Table" figures={["value"]} rows={rows} />
    </>
  );
}

type Writer = (value: number) => string;

function rowsOf(letter: string, text: string, answer: QueryAnswer, unit: Writer): LabelRow[] {
  const base = { letter, unit, name: text };
  if (answer.resultType === "scalar" || answer.resultType === "string") {
    const [, value] = answer.result;
    const row = { ...base, id: letter, metric: {} };
    return [
      answer.resultType === "scalar"
        ? { ...row, figures: [numberOf(value)] }
        : { ...row, figures: [null], detail: value },
    ];
  }
  if (answer.resultType === "matrix") {
    return answer.result.map(({ metric, values = [] }, i) => ({
      ...base,
      id: `${letter}${i}`,
      metric,
      figures: [null],
      detail: <Samples values={values} unit={unit} />,
    }));
  }
  return answer.result.map((element, i) => ({
    ...base,
    ...shownValue(element),
    id: `${letter}${i}`,
    metric: element.metric,
  }));
}

function shownValue({ value, histogram }: VectorElement): Pick<LabelRow, "figures" | "detail"> {
  if (value) return { figures: [numberOf(value[1])] };
  return { figures: [null], detail: histogram ? <Buckets of={histogram[1]} /> : "–" };
}

/** A range selector gives samples, not a value: how many, and the last few with their times. */
function Samples({ values, unit }: { values: readonly [number, string][]; unit: Writer }) {
  const last = values.slice(-3).reverse();
  return (
    <span title={values.map(([time, value]) => `${clock(time * 1000, 3)}  ${value}`).join("\n")}>
      <span className="dim">{exact(values.length)} samples, last</span>{" "}
      {last.map(([time, value]) => `${unit(numberOf(value))} @ ${clock(time * 1000)}`).join(", ")}
    </span>
  );
}

function Buckets({ of: { count: all, sum, buckets = [] } }: { of: WireHistogram }) {
  const lines = buckets.map(([, low, high, inside]) => `${low} … ${high}   ${inside}`);
  return (
    <span title={lines.join("\n")}>
      <span className="dim">count</span> {count(numberOf(all))} <span className="dim">sum</span>{" "}
      {count(numberOf(sum))} <span className="dim">in {exact(buckets.length)} buckets</span>
    </span>
  );
}
