// One scrape job: how many of its targets are up, and a table of those that the filter lets through.
import { ChevronDown, ChevronRight } from "lucide-react";
import { Fragment, useState } from "react";
import type { ByTarget, Samples, Standing } from "../../backend/targets";
import { Button } from "../../design/Button";
import { seriesText } from "../../model/labelSets";
import { countStates, type Pool, type Target } from "../../model/targets";
import { exact } from "../../model/units";
import { changeParams, currentAddress, useAddress } from "../../routes/address";
import { TargetDetails } from "./TargetDetails";
import { TargetRow } from "./TargetRow";

/** What is known of targets beside how they stand; none while it is on its way. */
export type Told = {
  samples: ByTarget<Samples> | undefined;
  history: ByTarget<Standing[]> | undefined;
};

type PoolPanelProps = { pool: Pool; shown: readonly Target[]; told: Told; headed: boolean };

const FIRST = 100;
const columns = [
  { name: "State", width: "104px", num: false },
  { name: "Target", width: "auto", num: false },
  { name: "Labels", width: "26%", num: false },
  { name: "Last scrape", width: "96px", num: true },
  { name: "Took", width: "80px", num: true },
  { name: "Samples", width: "104px", num: true },
  { name: "Over the range", width: "16%", num: false },
] as const;

export function PoolPanel({ pool, shown, told, headed }: PoolPanelProps) {
  const { params } = useAddress();
  const [all, setAll] = useState(false);
  const closed = params.getAll("closed").includes(pool.name);
  const open = params.get("open") ?? "";
  return (
    <section className="panel pool" aria-label={`Job ${pool.name}`}>
      <PoolHead pool={pool} closed={closed} />
      {!closed && shown.length > 0 && (
        <div className="pool-scroll">
          <table className="table pool-table">
            <colgroup>
              {columns.map(({ name, width }) => (
                <col key={name} style={{ width }} />
              ))}
            </colgroup>
            {/* The jobs' tables are one under the other: what the columns are is said once. */}
            <thead className={headed ? "" : "sr-only"}>
              <tr>
                {columns.map(({ name, num }) => (
                  <th key={name} className={num ? "num" : ""}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.slice(0, all ? undefined : FIRST).map((target) => {
                const key = seriesText(target.labels);
                const isOpen = target.id === open;
                return (
                  <Fragment key={target.id}>
                    <TargetRow
                      target={target}
                      open={isOpen}
                      samples={told.samples?.get(key)}
                      history={told.history?.get(key)}
                      onToggle={() => changeParams({ open: isOpen ? null : target.id }, "replace")}
                    />
                    {target.error !== "" && (
                      <tr className="target-error">
                        <td />
                        <td colSpan={columns.length - 1}>
                          <span className="bad">{target.error}</span>
                        </td>
                      </tr>
                    )}
                    {isOpen && (
                      <tr className="target-opened">
                        <td colSpan={columns.length}>
                          <TargetDetails target={target} samples={told.samples?.get(key)} />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {!closed && shown.length > FIRST && !all && (
        <p className="pool-more">
          <Button onClick={() => setAll(true)}>Show all {exact(shown.length)}</Button>
        </p>
      )}
      {!closed && shown.length === 0 && <NoneFound pool={pool} />}
    </section>
  );
}

function PoolHead({ pool, closed }: { pool: Pool; closed: boolean }) {
  const counts = countStates([pool]);
  const total = pool.targets.length;
  const [first] = pool.targets;
  const fold = () => {
    const others = currentAddress().params.getAll("closed");
    const next = closed ? others.filter((name) => name !== pool.name) : [...others, pool.name];
    changeParams({ closed: next }, "replace");
  };
  return (
    <div className="panel-head pool-head">
      <button type="button" className="pool-fold" aria-expanded={!closed} onClick={fold}>
        {closed ? <ChevronRight size={13} aria-hidden /> : <ChevronDown size={13} aria-hidden />}
        <h2>{pool.name}</h2>
      </button>
      <span className={counts.up > 0 ? "ok" : "dim"}>
        <span className="sign" aria-hidden>
          {counts.up > 0 ? "●" : "○"}
        </span>{" "}
        <strong>{exact(counts.up)}</strong> of {exact(total)} up
      </span>
      {counts.down > 0 && (
        <span className="bad">
          <span className="sign" aria-hidden>
            ▲
          </span>{" "}
          {exact(counts.down)} down
        </span>
      )}
      {counts.unknown > 0 && <span className="dim">{exact(counts.unknown)} not asked yet</span>}
      {pool.droppedCount > 0 && (
        <span className="dim">
          {exact(pool.droppedCount)} dropped by relabelling
          {pool.dropped.length < pool.droppedCount && `, ${exact(pool.dropped.length)} remembered`}
        </span>
      )}
      <span className="spacer" />
      {first && first.interval !== "" && (
        <span className="dim" title={`Each scrape may take ${first.timeout}`}>
          every {first.interval}
        </span>
      )}
    </div>
  );
}

/** The job is there and has no targets: its discoveries have found none. */
function NoneFound({ pool }: { pool: Pool }) {
  if (pool.targets.length + pool.dropped.length > 0) return null;
  return (
    <p className="pool-none ink2">
      Its service discovery has found nothing yet. What it finds appears here by itself; faults of a
      discovery stand in Watchglass’s log.
    </p>
  );
}
