// One target in one line: its state, where it is, what it is called, and how its scrapes went.
import { ChevronDown, ChevronRight, ExternalLink } from "lucide-react";
import type { Samples, Standing } from "../../backend/targets";
import { StateStrip } from "../../charts/StateStrip";
import { labelsOf, promSeconds, type Target, targetName } from "../../model/targets";
import { msToNanos } from "../../model/time";
import { count, duration, exact, percent } from "../../model/units";
import { When } from "../../panels/When";
import type { LabelSet } from "../../wire/prometheus";
import { StateWord } from "./StateWord";

type TargetRowProps = {
  target: Target;
  open: boolean;
  samples: Samples | undefined;
  history: readonly Standing[] | undefined;
  onToggle: () => void;
};

const SHOWN_LABELS = 4;

export function TargetRow({ target, open, samples, history, onToggle }: TargetRowProps) {
  const { state, url, lastScrape, seconds, timeout } = target;
  const slow = seconds > promSeconds(timeout) * 0.5 && timeout !== "";
  return (
    <tr className="target-row" data-state={state} data-open={open}>
      <td>
        <button
          type="button"
          className="target-open"
          aria-expanded={open}
          aria-label={`${targetName(target)}: ${state}, labels and relabelling`}
          onClick={onToggle}
        >
          {open ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
          <StateWord state={state} />
        </button>
      </td>
      <td className="target-place">
        {url === "" ? (
          <span className="mono ink2">{targetName(target)}</span>
        ) : (
          <a
            className="mono target-url"
            href={url}
            target="_blank"
            rel="noreferrer"
            title="Open what it exposes"
          >
            <span className="cut">{url}</span>
            <ExternalLink size={11} className="dim" aria-hidden />
          </a>
        )}
      </td>
      <td className="pool-labels">
        <Labels target={target} />
      </td>
      <td className="num">
        {lastScrape === null ? (
          <span className="dim">never</span>
        ) : (
          <When at={msToNanos(lastScrape)} />
        )}
      </td>
      <td className="num" title={slow ? `More than half of the ${timeout} it may take` : undefined}>
        {lastScrape === null ? (
          <span className="dim">–</span>
        ) : (
          <span className={slow ? "warn" : ""}>
            {slow && "▲ "}
            {duration(seconds * 1e9)}
          </span>
        )}
      </td>
      <td className="num">
        {samples === undefined ? (
          <span className="dim">–</span>
        ) : (
          <span title={`${exact(samples.scraped)} scraped, ${exact(samples.kept)} kept`}>
            {count(samples.kept)}
            {samples.kept < samples.scraped && (
              <span className="dim"> of {count(samples.scraped)}</span>
            )}
          </span>
        )}
      </td>
      <td>{history && <StateStrip states={history} label={standingWords(history)} />}</td>
    </tr>
  );
}

function standingWords(history: readonly Standing[]): string {
  const known = history.filter((one) => one !== "none");
  const up = known.filter((one) => one === "up").length;
  if (known.length === 0) return "Not scraped in this range";
  return `Up in ${percent(up / known.length)} of the range in which it was scraped`;
}

/** What is not said beside it already: its job stands above, its address in the row. */
function Labels({ target }: { target: Target }) {
  const set = labelsOf(target);
  const said: LabelSet = { job: target.pool, instance: target.discovered.__address__ ?? "" };
  const names = Object.keys(set).filter(
    (name) => set[name] !== said[name] && !name.startsWith("__"),
  );
  if (names.length === 0) return null;
  return (
    <span className="target-labels">
      {names.slice(0, SHOWN_LABELS).map((name) => (
        <span key={name} className="target-label mono" title={`${name}="${set[name]}"`}>
          <span className="dim">{name}=</span>
          {set[name]}
        </span>
      ))}
      {names.length > SHOWN_LABELS && <span className="dim">+{names.length - SHOWN_LABELS}</span>}
    </span>
  );
}
