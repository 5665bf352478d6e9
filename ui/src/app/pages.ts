// The places of the rail, in order; only what exists is listed.
import { Activity, AlignLeft, ChartNoAxesGantt, Home, type LucideIcon, Plug } from "lucide-react";
import { type Target, toConnect, toHome, toLogs, toMetrics, toTraces } from "../routes/links";

export type Page = {
  name: string;
  key: string;
  icon: LucideIcon;
  to: () => Target;
  starts: string;
};

export const pages: readonly Page[] = [
  { name: "Home", key: "1", icon: Home, to: toHome, starts: "/" },
  { name: "Traces", key: "2", icon: ChartNoAxesGantt, to: () => toTraces(), starts: "/traces" },
  { name: "Logs", key: "3", icon: AlignLeft, to: () => toLogs(), starts: "/logs" },
  { name: "Metrics", key: "4", icon: Activity, to: () => toMetrics(), starts: "/metrics" },
  { name: "Connect", key: "5", icon: Plug, to: toConnect, starts: "/connect" },
];

export function pageOf(path: string): Page | undefined {
  return pages.find(({ starts }) =>
    starts === "/" ? path === "/" : path === starts || path.startsWith(`${starts}/`),
  );
}
