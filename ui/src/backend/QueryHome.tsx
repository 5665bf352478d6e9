// Holds the query cache. Answers are refreshed by arrivals and by questions, never by timers or focus.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ApiError } from "./http";

function tryAgain(failures: number, error: Error): boolean {
  const passing = error instanceof ApiError && (error.status === 0 || error.status === 503);
  return passing && failures < 2;
}

export function QueryHome({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 2_000,
            gcTime: 60_000,
            refetchOnWindowFocus: false,
            networkMode: "always",
            retry: tryAgain,
            retryDelay: (attempt) => 400 * 2 ** attempt,
            // Answers are numbers and long lists: comparing them deeply costs more than drawing them.
            structuralSharing: false,
          },
        },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
