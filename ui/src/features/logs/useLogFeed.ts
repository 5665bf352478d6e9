// Opens a feed for the filters and range of the page, and closes it when they change.
import { useEffect, useState, useSyncExternalStore } from "react";
import { fetchLogs, tailLogs } from "../../backend/logs";
import type { LogFilters } from "../../model/filters";
import type { TimeRange } from "../../model/range";
import { type LogFeed, logFeed } from "./logFeed";

const PAGE = 200;
const nothing = () => () => undefined;

export function useLogFeed(filters: LogFilters, range: TimeRange, live: boolean): LogFeed | null {
  const [feed, setFeed] = useState<LogFeed | null>(null);
  const [opening, setOpening] = useState(0);
  const key = JSON.stringify([filters, range, live, opening]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the question
  useEffect(() => {
    let lost = false;
    // What came while the tail was down is not in it: after a gap the feed starts anew.
    const onState = (state: "connecting" | "open" | "lost") => {
      if (state === "lost") lost = true;
      if (state === "open" && lost) setOpening((n) => n + 1);
    };
    const opened = logFeed({
      page: (cursor, signal) => fetchLogs({ filters, range, cursor, limit: PAGE }, signal),
      ...(live ? { tail: (onBatch) => tailLogs(filters, onBatch, onState) } : {}),
      frame: (run) => requestAnimationFrame(run),
    });
    setFeed(opened);
    return () => opened.close();
  }, [key]);
  useSyncExternalStore(feed?.watch ?? nothing, () => feed?.state() ?? null);
  return feed;
}
