// The found traces as dots of time and duration; a click opens one, a brush narrows the search.
import { useMemo } from "react";
import { type Dot, type Narrowed, Scatter } from "../../charts/Scatter";
import { useTheme } from "../../design/theme";
import { rangeParams, type TimeRange, windowOf } from "../../model/range";
import { nanosToMs } from "../../model/time";
import { durationParameter } from "../../model/units";
import { knowServices, serviceColour } from "../../panels/serviceColours";
import { changeParams } from "../../routes/address";
import { goTo } from "../../routes/Link";
import { toTrace } from "../../routes/links";
import type { TraceSummary } from "../../wire/api";

type TraceScatterProps = {
  traces: readonly TraceSummary[];
  range: TimeRange;
  stamp: number;
  /** There are older traces than these, which were not asked for. */
  more: boolean;
};

export function TraceScatter({ traces, range, stamp, more }: TraceScatterProps) {
  const theme = useTheme();
  const dots = useMemo<Dot[]>(() => {
    knowServices(traces.map((trace) => trace.root_service));
    return traces.map((trace) => ({
      id: trace.trace_id,
      time: nanosToMs(trace.start),
      duration: trace.duration,
      size: Math.min(7, 2.2 + Math.log10(Math.max(1, trace.spans)) * 1.1),
      bad: trace.errors > 0,
      colour: serviceColour(trace.root_service, theme),
      text: `${trace.root_service} ${trace.root_operation}`,
    }));
  }, [traces, theme]);
  const { start, end } = windowOf(range, stamp);
  const oldest = dots[dots.length - 1]?.time;
  const narrow = ({ from, to, low, high }: Narrowed) =>
    changeParams({
      ...rangeParams({ kind: "absolute", from, to }),
      min_duration: durationParameter(low),
      max_duration: durationParameter(high),
    });
  return (
    <section className="panel traces-scatter" aria-label="Durations over time">
      <Scatter
        dots={dots}
        from={start}
        to={end}
        loadedFrom={more ? oldest : undefined}
        onOpen={(id) => goTo(toTrace(id))}
        onNarrow={narrow}
      />
    </section>
  );
}
