// Logs: a sentence of filters, their volume over time, and the records, newest first, followed live.
import { Pause, Play } from "lucide-react";
import { useLogVolume } from "../../backend/logs";
import { VolumeBars } from "../../charts/VolumeBars";
import { Button } from "../../design/Button";
import { useKeys } from "../../design/useKeys";
import { readLogFilters } from "../../model/filters";
import { rangeParams, type TimeRange } from "../../model/range";
import { nanosToMs } from "../../model/time";
import { count, exact } from "../../model/units";
import { Failure, Loading, PartialNote } from "../../panels/States";
import { changeParams, useAddress } from "../../routes/address";
import { useLive, useTimeRange } from "../../routes/useTimeRange";
import type { LogVolume } from "../../wire/api";
import { LogFilterBar } from "./LogFilterBar";
import { LogList } from "./LogList";
import type { LogFeed } from "./logFeed";
import { NoLogs } from "./NoLogs";
import { useLogFeed } from "./useLogFeed";
import "./logs.css";

export function LogsPage() {
  const { params } = useAddress();
  const filters = readLogFilters(params);
  const range = useTimeRange();
  const live = useLive();
  const volume = useLogVolume(filters, range, live);
  const feed = useLogFeed(filters, range, live);
  const state = feed?.state();
  const filtered =
    JSON.stringify(filters) !== JSON.stringify(readLogFilters(new URLSearchParams()));
  return (
    <div className="page logs">
      <LogFilterBar filters={filters} range={range} />
      <section className="panel logs-volume" aria-label="Volume over time">
        {volume.data ? (
          <Volume volume={volume.data} range={range} />
        ) : volume.error ? (
          <p className="note" data-tone="bad">
            The volume could not be counted: {volume.error.message}
          </p>
        ) : null}
      </section>
      {!feed || !state || (state.loading && state.size === 0) ? (
        <Loading what="logs" />
      ) : state.error && state.size === 0 ? (
        <Failure error={state.error} what="logs" onRetry={feed.retry} />
      ) : (
        <>
          <FeedLine feed={feed} live={live} volume={volume.data} />
          {state.size === 0 ? (
            <NoLogs filtered={filtered} live={live} range={range} />
          ) : (
            <LogList feed={feed} live={live} />
          )}
        </>
      )}
    </div>
  );
}

function Volume({ volume, range }: { volume: LogVolume; range: TimeRange }) {
  const { start, step, ...counts } = volume;
  return (
    <VolumeBars
      key={range.kind}
      start={nanosToMs(start)}
      step={step / 1e6}
      counts={counts}
      onNarrow={(from, to) => changeParams(rangeParams({ kind: "absolute", from, to }))}
    />
  );
}

function total({ start: _, step: __, ...counts }: LogVolume): number {
  return Object.values(counts).reduce((sum, band) => sum + band.reduce((all, n) => all + n, 0), 0);
}

type FeedLineProps = { feed: LogFeed; live: boolean; volume: LogVolume | undefined };

function FeedLine({ feed, live, volume }: FeedLineProps) {
  const { paused, waiting, lost, complete, error, more } = feed.state();
  useKeys({ " ": () => live && feed.pause(!paused) });
  return (
    <div className="logs-line" data-testid="logs-line">
      {volume && (
        <span>
          <strong>{exact(total(volume))} records</strong>
          {more && <span className="dim"> · older ones load as you scroll</span>}
        </span>
      )}
      {!complete && <PartialNote>partial: the search stopped early</PartialNote>}
      {error && (
        <span className="bad" role="alert">
          {error.message}{" "}
          <Button size="small" onClick={feed.retry}>
            Try again
          </Button>
        </span>
      )}
      <span className="spacer" />
      {lost > 0 && (
        <span className="warn" title="More arrived than could be carried">
          {exact(lost)} not shown
        </span>
      )}
      {live && paused && waiting > 0 && (
        <Button size="small" className="waiting" onClick={() => feed.pause(false)}>
          {count(waiting)} new
        </Button>
      )}
      {live && (
        <Button
          size="small"
          aria-pressed={!paused}
          title="Pause or follow (Space)"
          onClick={() => feed.pause(!paused)}
        >
          {paused ? <Play size={12} aria-hidden /> : <Pause size={12} aria-hidden />}
          {paused ? "Follow" : "Following"}
        </Button>
      )}
    </div>
  );
}
