// Decides when an arrival leads to a refetch: at once when quiet, never stacked, never faster than the server answers.

export type Refresher = { arrived: () => void; stop: () => void };

export const MIN_GAP_MS = 150;

/** `refetch` resolves when the answer is in. A slow answer lengthens the gap to three times its own time. */
export function refresher(
  refetch: () => Promise<unknown>,
  now: () => number = () => performance.now(),
): Refresher {
  let running = false;
  let again = false;
  let notBefore = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const run = async () => {
    timer = undefined;
    running = true;
    again = false;
    const started = now();
    try {
      await refetch();
    } finally {
      running = false;
      notBefore = started + Math.max(MIN_GAP_MS, (now() - started) * 3);
      if (again && !stopped) plan();
    }
  };
  const plan = () => {
    if (timer !== undefined) return;
    const wait = notBefore - now();
    if (wait <= 0) void run();
    else timer = setTimeout(() => void run(), wait);
  };
  return {
    arrived() {
      if (stopped) return;
      if (running) again = true;
      else plan();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
