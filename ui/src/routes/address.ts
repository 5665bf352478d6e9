// The address is the state: where we are, and how to change it. Works the same on http:// and app://.
import { useSyncExternalStore } from "react";
import { type Params, withParams } from "../model/filters";

export type Address = { path: string; params: URLSearchParams; key: string };

const listeners = new Set<() => void>();
let current = read();

function read(): Address {
  const { pathname, search } = window.location;
  return { path: pathname, params: new URLSearchParams(search), key: pathname + search };
}

function changed(): void {
  const next = read();
  if (next.key === current.key) return;
  current = next;
  for (const listener of listeners) listener();
}

window.addEventListener("popstate", changed);

export function navigate(href: string, how: "push" | "replace" = "push"): void {
  if (how === "push") window.history.pushState(null, "", href);
  else window.history.replaceState(null, "", href);
  changed();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAddress(): Address {
  return useSyncExternalStore(listen, () => current);
}

export function currentAddress(): Address {
  return current;
}

/** Changes parameters of this page. Typing replaces; choices push, so that Back undoes them. */
export function changeParams(changes: Params, how: "push" | "replace" = "push"): void {
  const query = withParams(current.params, changes).toString();
  navigate(query === "" ? current.path : `${current.path}?${query}`, how);
}
