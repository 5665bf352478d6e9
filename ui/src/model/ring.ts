// A ring of the newest records: a fixed number of slots, constant time per record however fast they come.

export type Ring<T> = {
  push: (item: T) => void;
  /** 0 is the newest. */
  newest: (index: number) => T | undefined;
  size: () => number;
  clear: () => void;
};

export function ring<T>(capacity: number): Ring<T> {
  let slots: T[] = [];
  let next = 0;
  return {
    push(item) {
      if (slots.length < capacity) slots.push(item);
      else slots[next] = item;
      next = (next + 1) % capacity;
    },
    newest(index) {
      if (index < 0 || index >= slots.length) return undefined;
      return slots[(next - 1 - index + capacity * 2) % capacity];
    },
    size: () => slots.length,
    clear() {
      slots = [];
      next = 0;
    },
  };
}
