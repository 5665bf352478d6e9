// Asks what the listeners saw go wrong; asks again whenever they report one.
import type { Mistakes } from "../wire/api";
import { useMistakeCount } from "./events";
import { get } from "./http";
import { type ServerState, useServer } from "./useServer";

export function useMistakes(): ServerState<Mistakes> {
  const reported = useMistakeCount();
  return useServer({
    key: ["mistakes", reported],
    ask: (signal) => get<Mistakes>("/api/mistakes", {}, signal),
  });
}
