// The shell: rail, top bar, the page of the address, status line, and the keys that work everywhere.
import { lazy, Suspense, useEffect, useState } from "react";
import { useReopened } from "../backend/useReopened";
import { useKeys } from "../design/useKeys";
import { ConnectPage } from "../features/connect/ConnectPage";
import { HomePage } from "../features/home/HomePage";
import { LogsPage } from "../features/logs/LogsPage";
import { MetricsPage } from "../features/metrics/MetricsPage";
import { TracePage } from "../features/traces/TracePage";
import { TracesPage } from "../features/traces/TracesPage";
import { rangeOf, shift } from "../model/range";
import { Empty, Loading } from "../panels/States";
import { currentAddress, useAddress } from "../routes/address";
import { goTo, Link } from "../routes/Link";
import { toHome } from "../routes/links";
import { setTimeRange, toggleLive } from "../routes/useTimeRange";
import { KeysSheet } from "./KeysSheet";
import { Palette } from "./Palette";
import { pageOf, pages } from "./pages";
import { Rail } from "./Rail";
import { StatusLine } from "./StatusLine";
import { TopBar } from "./TopBar";
import "./shell.css";

// Plots bring their own library: loaded when the first of these is opened.
const ExplorerPage = lazy(() =>
  import("../features/explorer/ExplorerPage").then(({ ExplorerPage }) => ({
    default: ExplorerPage,
  })),
);
const CardinalityPage = lazy(() =>
  import("../features/explorer/CardinalityPage").then(({ CardinalityPage }) => ({
    default: CardinalityPage,
  })),
);
const TargetsPage = lazy(() =>
  import("../features/targets/TargetsPage").then(({ TargetsPage }) => ({ default: TargetsPage })),
);
const MetricPage = lazy(() =>
  import("../features/metrics/MetricPage").then(({ MetricPage }) => ({ default: MetricPage })),
);

export function App() {
  const { path } = useAddress();
  const [palette, setPalette] = useState(false);
  const [keys, setKeys] = useState(false);
  const [timeOpen, setTimeOpen] = useState(false);
  useReopened();
  useEffect(() => {
    const place = pageOf(path)?.name;
    document.title = place ? `${place} · Watchglass` : "Watchglass";
  }, [path]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      setPalette((open) => !open);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const move = (direction: 1 | -1) =>
    setTimeRange(shift(rangeOf(currentAddress().params), direction, Date.now()));
  useKeys({
    "?": () => setKeys(true),
    "[": () => move(-1),
    "]": () => move(1),
    l: toggleLive,
    t: () => setTimeOpen(true),
    ...Object.fromEntries(pages.map((page) => [page.key, () => goTo(page.to())])),
  });
  return (
    <div className="shell">
      <Rail />
      <TopBar
        onPalette={() => setPalette(true)}
        timeOpen={timeOpen}
        onTimeOpen={setTimeOpen}
        onMove={move}
      />
      <main className="main" key={pageOf(path)?.starts ?? path}>
        {path.split("/").filter(Boolean).length < 2 && (
          <h1 className="sr-only">{pageOf(path)?.name ?? "Watchglass"}</h1>
        )}
        <CurrentPage path={path} />
      </main>
      <StatusLine onKeys={() => setKeys(true)} />
      <Palette open={palette} onOpenChange={setPalette} onKeys={() => setKeys(true)} />
      <KeysSheet open={keys} onOpenChange={setKeys} />
    </div>
  );
}

function CurrentPage({ path }: { path: string }) {
  const view = useAddress().params.get("view");
  const [, place = "", rest = ""] = path.split("/");
  if (place === "") return <HomePage />;
  if (place === "traces")
    return rest === "" ? <TracesPage /> : <TracePage key={rest} traceId={rest} />;
  if (place === "logs") return <LogsPage />;
  if (place === "connect") return <ConnectPage />;
  if (place === "metrics") {
    if (rest === "") return <MetricsView view={view} />;
    const name = decodeURIComponent(rest);
    return (
      <Suspense fallback={<Loading what={name} />}>
        <MetricPage key={name} name={name} />
      </Suspense>
    );
  }
  return (
    <Empty title="There is no such page">
      <p className="ink2">
        Nothing lives at <code>{path}</code>.{" "}
        <Link className="link" to={toHome()}>
          Go home
        </Link>
      </p>
    </Empty>
  );
}

function MetricsView({ view }: { view: string | null }) {
  if (view === "received") return <MetricsPage />;
  return (
    <Suspense fallback={<Loading what="metrics" />}>
      {view === "targets" && <TargetsPage />}
      {view === "cardinality" && <CardinalityPage />}
      {view !== "targets" && view !== "cardinality" && <ExplorerPage />}
    </Suspense>
  );
}
