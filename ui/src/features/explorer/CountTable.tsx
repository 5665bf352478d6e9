// Names by a number, each with a bar of its share of the largest; some lead on, some choose a metric.
import { bytes as byteWords, count, exact, percent } from "../../model/units";
import { Link } from "../../routes/Link";
import type { Target } from "../../routes/links";

export type CountRow = {
  name: string;
  value: number;
  /** Of all series. */
  share?: number;
  /** Of label text. */
  bytes?: number;
  /** What it was and is: in place of share and bytes. */
  from?: number;
  now?: number;
  link?: Target;
};

type CountTableProps = {
  title: string;
  unit: string;
  rows: readonly CountRow[];
  empty?: string;
  chosen?: string;
  onPick?: (name: string) => void;
};

export function CountTable({ title, unit, rows, empty, chosen, onPick }: CountTableProps) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const has = (key: keyof CountRow) => rows.some((row) => row[key] !== undefined);
  const [shares, sized, moved] = [has("share"), has("bytes"), has("from")];
  return (
    <section className="panel counts" aria-label={title}>
      <table className="table">
        <thead>
          <tr>
            <th>{title}</th>
            {moved && <th className="num counts-wide">from, to</th>}
            <th className="num counts-figure">{unit}</th>
            {shares && <th className="num counts-figure">share</th>}
            {sized && (
              <th
                className="num counts-figure"
                title="Names and values of labels on all its series"
              >
                text
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} data-chosen={row.name === chosen}>
              <td className="counts-name">
                <span className="counts-bar" style={{ width: `${(row.value / most) * 100}%` }} />
                <Name row={row} chosen={row.name === chosen} onPick={onPick} />
              </td>
              {moved && (
                <td className="num dim">
                  {count(row.from ?? 0)} → {count(row.now ?? 0)}
                </td>
              )}
              <td className="num" title={exact(row.value)}>
                {moved && "+"}
                {count(row.value)}
              </td>
              {shares && <td className="num dim">{percent(row.share ?? 0)}</td>}
              {sized && <td className="num dim">{byteWords(row.bytes ?? 0)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="counts-empty ink2">{empty ?? "None."}</p>}
    </section>
  );
}

type NameProps = { row: CountRow; chosen: boolean; onPick: CountTableProps["onPick"] };

function Name({ row: { name, link }, chosen, onPick }: NameProps) {
  if (onPick) {
    return (
      <button
        type="button"
        className="mono cut counts-pick"
        aria-pressed={chosen}
        title={name}
        onClick={() => onPick(name)}
      >
        {name}
      </button>
    );
  }
  if (link) {
    return (
      <Link to={link} className="mono cut" title={name}>
        {name}
      </Link>
    );
  }
  return (
    <span className="mono cut" title={name}>
      {name}
    </span>
  );
}
