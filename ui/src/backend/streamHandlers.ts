// What both doors of a stream are given.

export type StreamHandlers = {
  /** The server-sent events to listen for. */
  events: readonly string[];
  onEvent: (event: string, data: string) => void;
  onState?: (state: "connecting" | "open" | "lost") => void;
};
