// Streams behind one door: server-sent events in the browser, a Tauri channel in the window.
import { openEventSource } from "./eventSource";
import { openTauriChannel } from "./tauri";

export type StreamHandlers = {
  /** The server-sent events to listen for. */
  events: readonly string[];
  onEvent: (event: string, data: string) => void;
  onState?: (state: "connecting" | "open" | "lost") => void;
};

export function subscribe(path: string, handlers: StreamHandlers): () => void {
  return "__TAURI_INTERNALS__" in window
    ? openTauriChannel(path, handlers)
    : openEventSource(path, handlers);
}
