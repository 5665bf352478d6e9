// After the connection was lost and is open again, everything on screen is asked for anew.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useConnection } from "./events";

export function useReopened(): void {
  const client = useQueryClient();
  const connection = useConnection();
  const lost = useRef(false);
  useEffect(() => {
    if (connection === "lost") lost.current = true;
    if (connection !== "open" || !lost.current) return;
    lost.current = false;
    void client.invalidateQueries();
  }, [connection, client]);
}
