// The series as a table: colour, labels, the value under the cursor or the last one; click hides, double click shows it alone.
import { Eye, EyeOff } from "lucide-react";
import type { Line } from "../../charts/TimeSeries";
import { toText } from "../../model/attributes";
import { nanosToMs } from "../../model/time";
import { exact, inUnit } from "../../model/units";
import { ServiceName } from "../../panels/ServiceName";
import { When } from "../../panels/When";
import { toTraces } from "../../routes/links";
import type { MetricSeries, Series } from "../../wire/api";
import { seriesKey } from "./lines";

type SeriesLegendProps = {
  found: MetricSeries;
  lines: readonly Line[];
  unit: (value: number) => string;
  hidden: ReadonlySet<string>;
  cursor: number | null;
  onHide: (key: string, only: boolean) => void;
};

/** The value at (or last before) a time; without one the last there is. */
function valueAt(line: Line | undefined, time: number | null): number | null {
  if (!line) return null;
  for (let i = line.values.length - 1; i >= 0; i -= 1) {
    const value = line.values[i];
    if (value !== null && value !== undefined && (time === null || (line.times[i] ?? 0) <= time))
      return value;
  }
  return null;
}

/** The last point at or before a time; without one the last there is. */
function pointAt(series: Series, time: number | null): number {
  return series.times.findLastIndex((at) => time === null || nanosToMs(at) <= time);
}

export function SeriesLegend({ found, lines, unit, hidden, cursor, onHide }: SeriesLegendProps) {
  const keys = [
    ...new Set(found.series.flatMap(({ labels }) => labels.map(({ key }) => key))),
  ].sort();
  const extremes = found.series.some(({ mins, maxs }) =>
    [mins, maxs].some((all) => all?.some((one) => one !== null)),
  );
  const starts = found.series.some((series) => series.starts.some((one) => one !== null));
  return (
    <section className="panel legend" aria-label="Legend">
      <table className="table">
        <thead>
          <tr>
            <th aria-label="Shown" />
            <th>Service</th>
            {keys.map((key) => (
              <th key={key} className="mono">
                {key}
              </th>
            ))}
            {starts && <th>Since</th>}
            {extremes && <th className="num">Min</th>}
            {extremes && <th className="num">Max</th>}
            <th className="num">{cursor === null ? "Last" : "At the cursor"}</th>
          </tr>
        </thead>
        <tbody>
          {found.series.map((series) => {
            const key = seriesKey(series);
            const off = hidden.has(key);
            const point = pointAt(series, cursor);
            const start = series.starts[point];
            const mine = lines.filter((line) => line.id === key || line.id.startsWith(`${key}.`));
            return (
              <tr key={key} data-off={off} onDoubleClick={() => onHide(key, true)}>
                <td>
                  <button
                    type="button"
                    className="legend-key"
                    aria-pressed={!off}
                    aria-label={`${off ? "Show" : "Hide"} ${mine[0]?.name ?? ""}`}
                    title="Click hides, double click on the row shows it alone"
                    onClick={() => onHide(key, false)}
                  >
                    <span className="swatch" style={{ background: mine[0]?.colour }} />
                    {off ? <EyeOff size={13} aria-hidden /> : <Eye size={13} aria-hidden />}
                  </button>
                </td>
                <td>
                  <ServiceName name={series.service} to={toTraces({ service: series.service })} />
                </td>
                {keys.map((label) => {
                  const value = series.labels.find((one) => one.key === label)?.value;
                  const text = value ? toText(value) : "";
                  return (
                    <td key={label} className="mono cut legend-label" title={text}>
                      {text || <span className="dim">–</span>}
                    </td>
                  );
                })}
                {starts && <td>{start ? <When at={start} /> : <span className="dim">–</span>}</td>}
                {extremes &&
                  [series.mins, series.maxs].map((all, i) => {
                    const value = all?.[point] ?? null;
                    return (
                      <td key={i === 0 ? "min" : "max"} className="num">
                        {value === null ? "–" : inUnit(value, series.unit)}
                      </td>
                    );
                  })}
                <td className="num">
                  {mine.map((line) => {
                    const value = valueAt(line, cursor);
                    return (
                      <span
                        key={line.id}
                        className="legend-value"
                        title={value === null ? "" : exact(value)}
                      >
                        {value === null ? "–" : unit(value)}
                      </span>
                    );
                  })}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
