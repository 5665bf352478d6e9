// The window's stream and files: its scheme buffers responses and need not download, so both go through Tauri. The only file that knows it.
import { Channel, invoke } from "@tauri-apps/api/core";
import { backoff } from "./backoff";
import type { StreamHandlers } from "./streamHandlers";

type StreamMessage = { event: string; data: string };

export function isWindow(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

/** Lets the program ask its API for a file and keep it; gives the path of the file. */
export function saveByWindow(path: string): Promise<string> {
  return invoke<string>("save", { path });
}

export function openTauriChannel(path: string, handlers: StreamHandlers): () => void {
  const waits = backoff();
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let channel: Channel<StreamMessage> | null = null;

  const open = () => {
    handlers.onState?.("connecting");
    const mine = new Channel<StreamMessage>();
    channel = mine;
    mine.onmessage = ({ event, data }) => {
      if (closed || channel !== mine) return;
      // The stream's own end is told as an event, because a channel has none.
      if (event === "end" || event === "error") retry();
      else if (handlers.events.includes(event)) handlers.onEvent(event, data);
    };
    invoke("subscribe", { path, channel: mine }).then(() => {
      waits.reset();
      handlers.onState?.("open");
    }, retry);
  };
  const retry = () => {
    if (closed) return;
    handlers.onState?.("lost");
    clearTimeout(timer);
    timer = setTimeout(open, waits.next());
  };
  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    if (channel) void invoke("unsubscribe", { id: channel.id }).catch(() => undefined);
  };
}
