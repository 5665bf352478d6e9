// The queries over time: lines, marks that open a trace, and under them a table of what each line was.
import { useMemo, useState } from "react";
import type { Outcome, RangeAnswer } from "../../backend/prometheus";
import type { Mark } from "../../charts/exemplarMarks";
import { TimeSeries } from "../../charts/TimeSeries";
import { useTheme } from "../../design/theme";
import { valueAt } from "../../model/matrix";
import { queryUnit, type UnitOf, unitWriter } from "../../model/queryUnit";
import { rangeParams, type Window } from "../../model/range";
import { clock } from "../../model/time";
import { count, exact } from "../../model/units";
import { ExemplarLinks } from "../../panels/ExemplarLinks";
import { PartialNote } from "../../panels/States";
import { changeParams, useAddress } from "../../routes/address";
import { goTo } from "../../routes/Link";
import { toTrace } from "../../routes/links";
import { readDrawn } from "./drawn";
import { LabelTable } from "./LabelTable";
import { MOST_LINES, type SeriesRow, seriesOf } from "./seriesRows";

type GraphViewProps = {
  outcomes: readonly Outcome<RangeAnswer>[];
  marks: readonly Mark[];
  window: Window;
  known: UnitOf;
};

export function GraphView({ outcomes, marks, window, known }: GraphViewProps) {
  const theme = useTheme();
  const { params } = useAddress();
  const onlyText = params.get("only") ?? "";
  const [cursor, setCursor] = useState<number | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const only = useMemo(() => new Set(onlyText.split(",").filter(Boolean)), [onlyText]);
  const { rows, total } = useMemo(
    () => seriesOf(outcomes, only, theme, known),
    [outcomes, only, theme, known],
  );
  const lines = useMemo(() => rows.map(({ line }) => line), [rows]);
  const unit = useMemo(() => axisUnit(rows), [rows]);
  const exemplarUnit = useMemo(
    () => unitWriter(queryUnit(`histogram_quantile(0, ${outcomes[0]?.text ?? ""})`, known)),
    [outcomes, known],
  );
  const pick = (id: string, add: boolean) => {
    const next = new Set(add ? only : []);
    if (add && !next.delete(id)) next.add(id);
    if (!add && !(only.size === 1 && only.has(id))) next.add(id);
    changeParams({ only: [...next].join(",") || null }, "replace");
  };
  return (
    <>
      <section className="panel explorer-plot" aria-label="Graph">
        <TimeSeries
          lines={lines}
          marks={marks}
          from={window.start}
          to={window.end}
          unit={unit}
          drawn={readDrawn(params.get("drawn"))}
          label={`${exact(total)} series over time`}
          focused={over}
          onNarrow={(from, to) => changeParams(rangeParams({ kind: "absolute", from, to }))}
          onMark={(mark) => goTo(toTrace(mark.traceId, mark.spanId))}
          onCursor={setCursor}
        />
      </section>
      <ExemplarLinks marks={marks} unit={exemplarUnit} />
      {total > rows.length && (
        <p className="explorer-note">
          <PartialNote>
            {exact(MOST_LINES)} of {exact(total)} series are drawn; aggregate with sum by (…), or
            take topk(10, …)
          </PartialNote>
        </p>
      )}
      <LabelTable
        label="Legend"
        figures={[cursor === null ? "last" : clock(cursor), "min", "max", "mean"]}
        rows={rows.map(({ line, letter, name, metric, summary, unit: written }) => ({
          id: line.id,
          letter,
          metric,
          name,
          colour: line.colour,
          off: !line.shown,
          unit: unitWriter(written),
          figures: [
            cursor === null ? summary.last : valueAt(line, cursor),
            summary.min,
            summary.max,
            summary.mean,
          ],
        }))}
        onPick={pick}
        onOver={setOver}
      />
    </>
  );
}

/** One axis for all: where the units differ, it shows mere numbers. */
function axisUnit(rows: readonly SeriesRow[]): (value: number) => string {
  const units = new Set(rows.filter(({ line }) => line.shown).map(({ unit }) => unit));
  const [first] = units;
  return units.size === 1 && first !== undefined ? unitWriter(first) : count;
}
