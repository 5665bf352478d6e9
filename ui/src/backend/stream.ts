// Streams behind one door: server-sent events in the browser, a Tauri channel in the window.
import { openEventSource } from "./eventSource";
import type { StreamHandlers } from "./streamHandlers";
import { isWindow, openTauriChannel } from "./tauri";

export function subscribe(path: string, handlers: StreamHandlers): () => void {
  return isWindow() ? openTauriChannel(path, handlers) : openEventSource(path, handlers);
}
