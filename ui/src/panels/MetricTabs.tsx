// The three ways to look at metrics, as tabs that are links: queries, how many series, and what was received.
import { useAddress } from "../routes/address";
import { Link } from "../routes/Link";
import { toCardinality, toMetrics, toReceived, toTargets } from "../routes/links";
import "./metricTabs.css";

const tabs = [
  { view: "", name: "Explore", to: () => toMetrics() },
  { view: "targets", name: "Targets", to: () => toTargets() },
  { view: "cardinality", name: "Cardinality", to: () => toCardinality() },
  { view: "received", name: "Received", to: () => toReceived() },
];

export function MetricTabs() {
  const view = useAddress().params.get("view") ?? "";
  return (
    <nav className="metric-tabs" aria-label="Metrics">
      {tabs.map((tab) => (
        <Link key={tab.name} to={tab.to()} aria-current={tab.view === view ? "page" : undefined}>
          {tab.name}
        </Link>
      ))}
    </nav>
  );
}
