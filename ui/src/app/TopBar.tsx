// Where we are, how to find anything, which time, and whether the page follows what arrives.
import { ChevronLeft, ChevronRight, Search } from "lucide-react";
import { useConnection } from "../backend/events";
import { Button } from "../design/Button";
import { readLogFilters, readTraceFilters } from "../model/filters";
import { shortId } from "../model/ids";
import { ServiceDot } from "../panels/ServiceName";
import { useAddress } from "../routes/address";
import { Link } from "../routes/Link";
import { toggleLive, useLive } from "../routes/useTimeRange";
import { pageOf } from "./pages";
import { ShareButton } from "./ShareButton";
import { ThemeButton } from "./ThemeButton";
import { TimePicker } from "./TimePicker";

type TopBarProps = {
  onPalette: () => void;
  timeOpen: boolean;
  onTimeOpen: (open: boolean) => void;
  onMove: (direction: 1 | -1) => void;
};

export function TopBar({ onPalette, timeOpen, onTimeOpen, onMove }: TopBarProps) {
  return (
    <header className="top-bar">
      <Breadcrumb />
      <span className="spacer" />
      <button type="button" className="find-anything" onClick={onPalette}>
        <Search size={13} aria-hidden />
        <span>Find anything</span>
        <kbd className="kbd">Ctrl K</kbd>
      </button>
      <div className="time-controls">
        <Button
          tone="plain"
          icon
          title="Back in time ([)"
          aria-label="Back in time"
          onClick={() => onMove(-1)}
        >
          <ChevronLeft size={15} />
        </Button>
        <TimePicker open={timeOpen} onOpenChange={onTimeOpen} />
        <Button
          tone="plain"
          icon
          title="Forward in time (])"
          aria-label="Forward in time"
          onClick={() => onMove(1)}
        >
          <ChevronRight size={15} />
        </Button>
      </div>
      <LiveSwitch />
      <ShareButton />
      <ThemeButton />
    </header>
  );
}

function Breadcrumb() {
  const { path, params } = useAddress();
  const page = pageOf(path);
  const [, place = "", rest = ""] = path.split("/");
  const service =
    place === "logs" ? readLogFilters(params).service : readTraceFilters(params).service;
  const detail = place === "traces" && rest !== "" ? shortId(rest) : decodeURIComponent(rest);
  return (
    <nav className="breadcrumb" aria-label="Place">
      {page ? <Link to={page.to()}>{page.name}</Link> : "Watchglass"}
      {detail !== "" && (
        <>
          <ChevronRight size={13} className="dim" aria-hidden />
          <span className={place === "traces" ? "mono" : "cut"} title={decodeURIComponent(rest)}>
            {detail}
          </span>
        </>
      )}
      {detail === "" && service !== "" && (
        <>
          <ChevronRight size={13} className="dim" aria-hidden />
          <ServiceDot name={service} />
          <span className="cut">{service}</span>
        </>
      )}
    </nav>
  );
}

function LiveSwitch() {
  const live = useLive();
  const connection = useConnection();
  const { params } = useAddress();
  const fixed = params.has("from");
  const state = connection === "lost" ? "lost" : live ? "on" : "off";
  const text = { lost: "reconnecting", on: "live", off: fixed ? "fixed range" : "paused" }[state];
  return (
    <Button
      className="live"
      aria-pressed={live}
      aria-label={`Live: ${text}`}
      data-state={state}
      title={live ? "Following what arrives. Pause (l)" : "Not following. Go live (l)"}
      onClick={toggleLive}
    >
      <span className="live-dot" aria-hidden />
      {text}
    </Button>
  );
}
