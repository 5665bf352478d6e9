// Who is scraped: every job with its targets, how each stands, and what is wrong with the file that says so.
import { useMemo } from "react";
import { useStatus } from "../../backend/events";
import { useTargetHistory, useTargetSamples, useTargets } from "../../backend/targets";
import { parseFilter } from "../../model/attributes";
import {
  countStates,
  type Pool,
  passes,
  promSeconds,
  readTargetState,
  type TargetFilters,
} from "../../model/targets";
import { Answered, Empty } from "../../panels/States";
import { changeParams, useAddress } from "../../routes/address";
import { useTimeRange } from "../../routes/useTimeRange";
import { ConfigurationFaults } from "./ConfigurationFaults";
import { NoTargets } from "./NoTargets";
import { PoolPanel, type Told } from "./PoolPanel";
import { TargetFilterBar } from "./TargetFilterBar";
import { TargetsHead } from "./TargetsHead";
import "./targets.css";

function readFilters(params: URLSearchParams): TargetFilters {
  return {
    state: readTargetState(params.get("state")),
    job: params.get("job") ?? "",
    text: params.get("text") ?? "",
    labels: params.getAll("attribute").flatMap((text) => parseFilter(text) ?? []),
  };
}

export function TargetsPage() {
  const { params } = useAddress();
  const filters = readFilters(params);
  const configuration = useStatus()?.configuration;
  const state = useTargets();
  const pools = state.data ?? [];
  const told = useTold(pools);
  const nothing = pools.length === 0 && state.data !== undefined;
  return (
    <div className="page page-scroll targets">
      <TargetsHead counts={countStates(pools)} state={filters.state} known={pools.length > 0} />
      {configuration && <ConfigurationFaults configuration={configuration} />}
      {pools.length > 0 && <TargetFilterBar filters={filters} pools={pools} />}
      {nothing ? (
        <NoTargets file={configuration?.file ?? ""} />
      ) : (
        <Answered state={state} what="targets">
          {(found) => <Pools pools={found} filters={filters} told={told} />}
        </Answered>
      )}
    </div>
  );
}

/** What is known of targets beside how they stand. */
function useTold(pools: readonly Pool[]): Told {
  const range = useTimeRange();
  const intervals = pools.flatMap(({ targets }) =>
    targets.map(({ interval }) => promSeconds(interval)),
  );
  const longest = intervals.reduce((most, one) => Math.max(most, one), 0);
  const samples = useTargetSamples().data;
  const history = useTargetHistory(range, longest).data;
  return useMemo(() => ({ samples, history }), [samples, history]);
}

type PoolsProps = { pools: readonly Pool[]; filters: TargetFilters; told: Told };

function Pools({ pools, filters, told }: PoolsProps) {
  const { params } = useAddress();
  const narrowed =
    filters.state !== "" || filters.text !== "" || filters.job !== "" || filters.labels.length > 0;
  const shown = pools
    .map((pool) => ({
      pool,
      targets: [...pool.targets, ...pool.dropped].filter((one) => passes(one, filters)),
    }))
    .filter(({ targets }) => !narrowed || targets.length > 0);
  if (shown.length === 0) {
    return (
      <Empty title="No target is like that">
        <button
          type="button"
          className="button"
          onClick={() => changeParams({ state: null, text: null, job: null, attribute: null })}
        >
          Show all
        </button>
      </Empty>
    );
  }
  const closed = params.getAll("closed");
  const first = shown.find(
    ({ pool, targets }) => targets.length > 0 && !closed.includes(pool.name),
  );
  return shown.map(({ pool, targets }) => (
    <PoolPanel
      key={pool.name}
      pool={pool}
      shown={targets}
      told={told}
      headed={pool === first?.pool}
    />
  ));
}
