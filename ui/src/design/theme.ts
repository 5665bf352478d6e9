// Light, dark or the system's choice: kept in local storage, set on <html> before the first paint.
import { useSyncExternalStore } from "react";
import { readPreference, writePreference } from "./preference";

export type ThemeChoice = "dark" | "light" | "system";
export type Theme = "dark" | "light";

const listeners = new Set<() => void>();
const systemLight = window.matchMedia("(prefers-color-scheme: light)");
let choice: ThemeChoice = asChoice(readPreference("theme"));

function asChoice(text: string | null): ThemeChoice {
  return text === "dark" || text === "light" ? text : "system";
}

function resolved(): Theme {
  if (choice !== "system") return choice;
  return systemLight.matches ? "light" : "dark";
}

function apply(): void {
  document.documentElement.dataset.theme = resolved();
  for (const listener of listeners) listener();
}

export function startTheme(): void {
  systemLight.addEventListener("change", apply);
  apply();
}

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  writePreference("theme", next);
  apply();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): Theme {
  return useSyncExternalStore(listen, resolved);
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(listen, () => choice);
}
