// The queries that were run on this machine, newest first, each once.
import { readPreference, writePreference } from "../../design/preference";

const PREFERENCE = "promql.history";
const MOST = 100;

export function pastQueries(): string[] {
  try {
    const kept: unknown = JSON.parse(readPreference(PREFERENCE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export function remember(text: string): void {
  if (text === "") return;
  const others = pastQueries().filter((one) => one !== text);
  writePreference(PREFERENCE, JSON.stringify([text, ...others].slice(0, MOST)));
}
