// A ring of the newest records: a fixed number of slots, constant time per record however fast they come.

/** A record finds its place among so many newer ones; what comes later than that stays on top. */
const LATE = 500;

export type Ring<T> = {
  push: (item: T) => void;
  /** Like push, but below the items that `compare` puts after it. */
  insert: (item: T, compare: (a: T, b: T) => number) => void;
  /** 0 is the newest. */
  newest: (index: number) => T | undefined;
  size: () => number;
  clear: () => void;
};

export function ring<T>(capacity: number): Ring<T> {
  let slots: T[] = [];
  let next = 0;
  const place = (index: number) => (next - 1 - index + capacity * 2) % capacity;
  const push = (item: T) => {
    if (slots.length < capacity) slots.push(item);
    else slots[next] = item;
    next = (next + 1) % capacity;
  };
  return {
    push,
    insert(item, compare) {
      push(item);
      for (let index = 0; index < Math.min(slots.length - 1, LATE); index += 1) {
        const older = slots[place(index + 1)];
        if (older === undefined || compare(older, item) <= 0) return;
        slots[place(index)] = older;
        slots[place(index + 1)] = item;
      }
    },
    newest(index) {
      if (index < 0 || index >= slots.length) return undefined;
      return slots[place(index)];
    },
    size: () => slots.length,
    clear() {
      slots = [];
      next = 0;
    },
  };
}
