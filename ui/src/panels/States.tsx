// The states every page shares: loading, error, empty, stale, partial. Each says what is so and what to do.
import { CircleAlert, Hourglass, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "../backend/http";
import type { ServerState } from "../backend/useServer";
import { Button } from "../design/Button";
import { clock } from "../model/time";
import "./states.css";

export function Loading({ what }: { what: string }) {
  return (
    <div className="state" role="status">
      <span className="state-bar" aria-hidden />
      <span className="dim">Loading {what}…</span>
    </div>
  );
}

export function Failure({
  error,
  what,
  onRetry,
}: {
  error: Error;
  what: string;
  onRetry: () => void;
}) {
  const { title, advice } = explain(error, what);
  return (
    <div className="state" role="alert">
      <CircleAlert size={20} className="bad" aria-hidden />
      <strong>{title}</strong>
      <p className="ink2">{advice}</p>
      {error instanceof ApiError && (
        <p className="mono dim">
          {error.path}
          {error.status > 0 && ` · ${error.status} ${error.code}`}
        </p>
      )}
      <Button onClick={onRetry}>
        <RotateCw size={13} aria-hidden /> Try again
      </Button>
    </div>
  );
}

function explain(error: Error, what: string): { title: string; advice: string } {
  if (!(error instanceof ApiError))
    return { title: `Could not show ${what}`, advice: error.message };
  if (error.status === 0) {
    return {
      title: "Watchglass does not answer",
      advice:
        "It may have been stopped. Start it again with `watchglass serve`; this page picks up by itself.",
    };
  }
  if (error.status === 404) {
    return {
      title: `No such ${what}`,
      advice: `${error.message}. It may be older than the retention, or not have arrived yet.`,
    };
  }
  return { title: `Could not load ${what}`, advice: error.message };
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state" data-testid="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** Over what is still shown while the newest answer failed. */
export function StaleNote({ state }: { state: ServerState<unknown> }) {
  if (!state.error || state.data === undefined) return null;
  return (
    <div className="note" data-tone="warn" role="status">
      <CircleAlert size={14} className="warn" aria-hidden />
      <span>
        Shown as of {clock(state.dataUpdatedAt)}: {state.error.message}.
      </span>
      <span className="spacer" />
      <Button size="small" onClick={() => void state.refetch()}>
        Try again
      </Button>
    </div>
  );
}

export function PartialNote({ children }: { children: ReactNode }) {
  return (
    <span className="partial warn" role="status">
      <Hourglass size={12} aria-hidden /> {children}
    </span>
  );
}

type AnsweredProps<T> = {
  state: ServerState<T>;
  what: string;
  children: (value: T) => ReactNode;
};

/** Loading, error or the answer; an old answer stays while a newer one fails. */
export function Answered<T>({ state, what, children }: AnsweredProps<T>) {
  if (state.data !== undefined) {
    return (
      <>
        <StaleNote state={state} />
        {children(state.data)}
      </>
    );
  }
  if (state.error)
    return <Failure error={state.error} what={what} onRetry={() => void state.refetch()} />;
  return <Loading what={what} />;
}
