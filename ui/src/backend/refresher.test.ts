// Arrivals refresh at once when it is quiet, and never pile up when it is not.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MIN_GAP_MS, refresher } from "./refresher";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function counting(takesMs: number) {
  let asked = 0;
  let running = 0;
  let most = 0;
  const refetch = () => {
    asked += 1;
    running += 1;
    most = Math.max(most, running);
    return new Promise<void>((done) => {
      setTimeout(() => {
        running -= 1;
        done();
      }, takesMs);
    });
  };
  return { refetch, asked: () => asked, most: () => most };
}

describe("refresher", () => {
  it("asks at once on the first arrival", () => {
    const server = counting(5);
    refresher(server.refetch, Date.now).arrived();
    expect(server.asked()).toBe(1);
  });

  it("keeps the gap, and does not lose the last arrival", async () => {
    const server = counting(5);
    const mine = refresher(server.refetch, Date.now);
    for (let i = 0; i < 10; i += 1) {
      mine.arrived();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(server.asked()).toBe(1);
    await vi.advanceTimersByTimeAsync(MIN_GAP_MS);
    expect(server.asked()).toBe(2);
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.asked()).toBe(2);
  });

  it("never runs twice at a time, and slows down for a slow server", async () => {
    const server = counting(400);
    const mine = refresher(server.refetch, Date.now);
    for (let i = 0; i < 50; i += 1) {
      mine.arrived();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(server.most()).toBe(1);
    expect(server.asked()).toBeLessThanOrEqual(5);
  });
});
