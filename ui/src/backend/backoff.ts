// How long to wait before the next attempt: doubles from half a second to ten, with a little spread.

export type Backoff = { next: () => number; reset: () => void };

export function backoff(random: () => number = Math.random): Backoff {
  let wait = 500;
  return {
    next() {
      const now = wait * (0.8 + random() * 0.4);
      wait = Math.min(10_000, wait * 2);
      return now;
    },
    reset() {
      wait = 500;
    },
  };
}
