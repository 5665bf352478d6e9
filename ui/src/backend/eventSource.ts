// The browser's stream: EventSource, reopened by us so that the waits grow and the state is known.
import { backoff } from "./backoff";
import type { StreamHandlers } from "./streamHandlers";

export function openEventSource(path: string, handlers: StreamHandlers): () => void {
  const waits = backoff();
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    handlers.onState?.("connecting");
    source = new EventSource(path);
    source.onopen = () => {
      waits.reset();
      handlers.onState?.("open");
    };
    source.onerror = () => {
      source?.close();
      handlers.onState?.("lost");
      timer = setTimeout(open, waits.next());
    };
    for (const name of handlers.events) {
      source.addEventListener(name, (event) => handlers.onEvent(name, String(event.data)));
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
