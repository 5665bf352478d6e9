// How a service is: a word and a sign, from its error ratio and its error logs.
import type { Service } from "../../wire/api";

export type Health = "failing" | "errors" | "healthy" | "quiet";

export function healthOf(service: Service): Health {
  if (service.error_ratio >= 0.05 && service.errors > 0) return "failing";
  if (service.errors > 0 || service.log_errors > 0) return "errors";
  return service.requests > 0 ? "healthy" : "quiet";
}

export const healthTone: Record<Health, string> = {
  failing: "bad",
  errors: "warn",
  healthy: "ok",
  quiet: "dim",
};
export const healthSign: Record<Health, string> = {
  failing: "▲",
  errors: "◆",
  healthy: "●",
  quiet: "○",
};
export const healthRank: Record<Health, number> = { failing: 3, errors: 2, healthy: 1, quiet: 0 };
