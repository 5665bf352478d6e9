// The records of the Logs page: pages from the store below, the live tail above, joined without doubles.
// Holds thousands of new records a second: a ring, one redraw per frame, and a count of what waits while paused.
import type { TailBatch } from "../../backend/logs";
import { type Ring, ring } from "../../model/ring";
import type { LogRecord, Logs } from "../../wire/api";

export const TAIL_CAPACITY = 20_000;

export type FeedState = {
  /** Grows with every change; rows are read through `row`. */
  version: number;
  size: number;
  loading: boolean;
  loadingOlder: boolean;
  error: Error | null;
  more: boolean;
  complete: boolean;
  paused: boolean;
  /** New records that wait while paused. */
  waiting: number;
  /** Records that the server or a full waiting room let go. */
  lost: number;
};

export type LogFeed = {
  row: (index: number) => LogRecord | undefined;
  state: () => FeedState;
  watch: (watcher: () => void) => () => void;
  older: () => void;
  pause: (paused: boolean) => void;
  retry: () => void;
  close: () => void;
};

export type FeedSource = {
  page: (cursor: string | null, signal: AbortSignal) => Promise<Logs>;
  /** Absent: no tail (paused by a fixed range, or not live). */
  tail?: (onBatch: (batch: TailBatch) => void) => () => void;
  /** One call per frame; setTimeout in tests. */
  frame: (run: () => void) => void;
};

const first: FeedState = {
  version: 0,
  size: 0,
  loading: true,
  loadingOlder: false,
  error: null,
  more: false,
  complete: true,
  paused: false,
  waiting: 0,
  lost: 0,
};

export function logFeed(source: FeedSource): LogFeed {
  const watchers = new Set<() => void>();
  const abort = new AbortController();
  const fresh: Ring<LogRecord> = ring(TAIL_CAPACITY);
  let waiting: LogRecord[] = [];
  let pages: LogRecord[] = [];
  let pageIds = new Set<string>();
  let cursor: string | null = null;
  let state = first;
  let drawing = false;

  const update = (change: Partial<FeedState>) => {
    if (abort.signal.aborted) return;
    state = { ...state, ...change, version: state.version + 1, size: fresh.size() + pages.length };
    for (const watcher of watchers) watcher();
  };
  const redrawSoon = () => {
    if (drawing) return;
    drawing = true;
    source.frame(() => {
      drawing = false;
      update({ waiting: waiting.length });
    });
  };
  const take = ({ records, missed }: TailBatch) => {
    const added = records.filter(({ id }) => !pageIds.has(id)).sort(byTime);
    let lost = missed;
    if (state.paused) {
      waiting.push(...added);
      if (waiting.length > TAIL_CAPACITY)
        lost += waiting.splice(0, waiting.length - TAIL_CAPACITY).length;
    } else {
      for (const record of added) fresh.insert(record, byTime);
    }
    if (lost > 0) state = { ...state, lost: state.lost + lost };
    redrawSoon();
  };
  const receive = ({ records, cursor: next, complete }: Logs) => {
    cursor = next;
    const seen = new Set(waiting.map(({ id }) => id));
    for (let i = 0; i < fresh.size(); i += 1) seen.add(fresh.newest(i)?.id ?? "");
    pages = pages.concat(records.filter(({ id }) => !seen.has(id) && !pageIds.has(id)));
    pageIds = new Set(pages.map(({ id }) => id));
    update({ loading: false, loadingOlder: false, error: null, more: next !== null, complete });
  };
  const load = (from: string | null) => {
    source.page(from, abort.signal).then(receive, (error: unknown) => {
      update({
        loading: false,
        loadingOlder: false,
        error: error instanceof Error ? error : new Error(String(error)),
      });
    });
  };
  // The tail opens before the first page is asked for, so that nothing falls between the two.
  const endTail = source.tail?.(take);
  load(null);
  return {
    row: (index) => (index < fresh.size() ? fresh.newest(index) : pages[index - fresh.size()]),
    state: () => state,
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    older() {
      if (cursor === null || state.loadingOlder || state.loading || state.error) return;
      update({ loadingOlder: true });
      load(cursor);
    },
    pause(paused) {
      if (paused === state.paused) return;
      if (!paused) {
        for (const record of waiting.sort(byTime)) fresh.insert(record, byTime);
        waiting = [];
      }
      update({ paused, waiting: waiting.length, ...(paused ? {} : { lost: 0 }) });
    },
    retry() {
      update({ loading: pages.length === 0, loadingOlder: pages.length > 0, error: null });
      load(cursor);
    },
    close() {
      abort.abort();
      endTail?.();
      watchers.clear();
    },
  };
}

/** Decimal strings of the same length compare like numbers. */
function byTime(a: LogRecord, b: LogRecord): number {
  return a.time.length - b.time.length || (a.time < b.time ? -1 : a.time > b.time ? 1 : 0);
}
