// Series as a table: what they share is said once above it, what differs stands in columns, and figures stand behind.
import { type ReactNode, useState } from "react";
import { Button } from "../../design/Button";
import { CopyButton } from "../../design/CopyButton";
import { Sorter } from "../../design/Sorter";
import { labelColumns, seriesText } from "../../model/labelSets";
import { exact } from "../../model/units";
import type { LabelSet } from "../../wire/prometheus";

export type LabelRow = {
  id: string;
  letter: string;
  metric: LabelSet;
  colour?: string;
  off?: boolean;
  /** What the row is called where it has no labels. */
  name: string;
  figures: (number | null)[];
  unit: (value: number) => string;
  /** In place of the figures: what is not a number. */
  detail?: ReactNode;
};

type LabelTableProps = {
  rows: readonly LabelRow[];
  figures: readonly string[];
  label: string;
  onPick?: (id: string, add: boolean) => void;
  onOver?: (id: string | null) => void;
};

const FIRST = 100;
type Order = { by: string; way: "ascending" | "descending" };

export function LabelTable({ rows, figures, label, onPick, onOver }: LabelTableProps) {
  const [order, setOrder] = useState<Order | null>(null);
  const [all, setAll] = useState(false);
  const { shared, differing } = labelColumns(rows.map(({ metric }) => metric));
  const letters = new Set(rows.map(({ letter }) => letter)).size > 1;
  const bare = differing.length === 0;
  const sorted = order ? [...rows].sort(comparing(order, figures)) : rows;
  const sorter = (by: string, num: boolean) => ({
    order: order?.by === by ? order.way : undefined,
    onSort: () => setOrder(nextOrder(order, by, num)),
    className: num ? "num" : "mono",
  });
  return (
    <section className="panel label-table" aria-label={label}>
      {Object.keys(shared).length > 0 && (
        <p className="label-shared">
          <span className="dim">all of them</span>{" "}
          <span className="mono">{seriesText(shared)}</span>
        </p>
      )}
      <div className="label-scroll">
        <table className="table">
          <thead>
            <tr>
              {letters && (
                <th className="label-letter">
                  <span className="sr-only">Query</span>
                </th>
              )}
              {bare && <th>Series</th>}
              {differing.map((key) => (
                <Sorter key={key} {...sorter(key, false)}>
                  {key === "__name__" ? "name" : key}
                </Sorter>
              ))}
              {figures.map((name) => (
                <Sorter key={name} {...sorter(name, true)}>
                  {name}
                </Sorter>
              ))}
              <th>
                <span className="sr-only">Copy</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, all ? undefined : FIRST).map((row) => (
              <tr
                key={row.id}
                data-off={row.off}
                onPointerEnter={() => onOver?.(row.id)}
                onPointerLeave={() => onOver?.(null)}
              >
                {letters && <td className="mono dim">{row.letter}</td>}
                {(bare ? [""] : differing).map((key, i) => (
                  <td key={key} className="mono label-cell" title={row.metric[key] ?? row.name}>
                    {i === 0 ? (
                      <FirstCell row={row} onPick={onPick}>
                        {bare ? row.name : (row.metric[key] ?? <span className="dim">–</span>)}
                      </FirstCell>
                    ) : (
                      (row.metric[key] ?? <span className="dim">–</span>)
                    )}
                  </td>
                ))}
                {row.detail !== undefined ? (
                  <td className="num" colSpan={figures.length}>
                    {row.detail}
                  </td>
                ) : (
                  row.figures.map((value, i) => (
                    <td key={figures[i]} className="num" title={value === null ? "" : exact(value)}>
                      {value === null ? <span className="dim">–</span> : row.unit(value)}
                    </td>
                  ))
                )}
                <td className="label-copy">
                  <CopyButton text={seriesText(row.metric)} label="Copy the series" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length > FIRST && !all && (
          <p className="label-more">
            <Button onClick={() => setAll(true)}>Show all {exact(rows.length)}</Button>
          </p>
        )}
      </div>
    </section>
  );
}

type FirstCellProps = {
  row: LabelRow;
  onPick: LabelTableProps["onPick"];
  children: ReactNode;
};

/** The colour, and the button that shows a series alone. */
function FirstCell({ row, onPick, children }: FirstCellProps) {
  const swatch = row.colour && <span className="swatch" style={{ background: row.colour }} />;
  if (!onPick) {
    return (
      <span className="label-first">
        {swatch}
        {children}
      </span>
    );
  }
  return (
    <button
      type="button"
      className="label-first"
      aria-pressed={!row.off}
      title="Click shows it alone, with Ctrl adds or takes away"
      onClick={(event) => onPick(row.id, event.ctrlKey || event.metaKey || event.shiftKey)}
    >
      {swatch}
      {children}
    </button>
  );
}

function nextOrder(order: Order | null, by: string, num: boolean): Order | null {
  const first = num ? "descending" : "ascending";
  if (order?.by !== by) return { by, way: first };
  return order.way === first ? { by, way: num ? "ascending" : "descending" } : null;
}

function comparing({ by, way }: Order, figures: readonly string[]) {
  const sign = way === "ascending" ? 1 : -1;
  const at = figures.indexOf(by);
  return (a: LabelRow, b: LabelRow): number => {
    if (at < 0) {
      const words = (row: LabelRow) => row.metric[by] ?? "";
      return sign * words(a).localeCompare(words(b), "en", { numeric: true });
    }
    const [x, y] = [a.figures[at] ?? null, b.figures[at] ?? null];
    // What has no value stands last, whichever way.
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  };
}
