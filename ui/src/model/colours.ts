// Colours by stable hash: the same service (or label set) has the same hue on every page and every run.

/** Twelve hues, evenly spaced over 60°–345°: none near red (25°), which belongs to errors. */
export const hues: readonly number[] = Array.from({ length: 12 }, (_, i) =>
  Math.round(60 + (i * 285) / 11),
);

/** FNV-1a, 32 bits, with a final mix so that names that differ at the end spread too. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  return h >>> 0;
}

export function hueOf(name: string): number {
  return hues[hash(name) % hues.length] ?? 200;
}

/** A colour string for canvases; in the DOM the same comes from `--hue` and the tokens. */
export function hueColour(hue: number, theme: "dark" | "light", alpha = 1): string {
  const tone = theme === "dark" ? "0.74 0.11" : "0.6 0.13";
  return `oklch(${tone} ${hue}${alpha < 1 ? ` / ${alpha}` : ""})`;
}

/**
 * Colours of series drawn together: each starts from its own hash, and where two would look alike the
 * later one (by name) takes the next free hue; after twelve, a second tone. The order given is kept.
 */
export function seriesColours(names: readonly string[], theme: "dark" | "light"): string[] {
  const taken = new Set<number>();
  const slots = new Map<string, number>();
  for (const name of [...new Set(names)].sort()) {
    const slot = freeSlot(hash(name) % hues.length, taken);
    taken.add(slot);
    slots.set(name, slot);
  }
  return names.map((name) => slotColour(slots.get(name) ?? 0, theme));
}

function freeSlot(wanted: number, taken: ReadonlySet<number>): number {
  for (let tone = 0; tone < 2; tone += 1) {
    for (let step = 0; step < hues.length; step += 1) {
      // Five is prime to twelve: the next try is far away in hue, and all are reached.
      const slot = tone * hues.length + ((wanted + step * 5) % hues.length);
      if (!taken.has(slot)) return slot;
    }
  }
  return wanted;
}

function slotColour(slot: number, theme: "dark" | "light"): string {
  const hue = hues[slot % hues.length] ?? 200;
  const second = slot >= hues.length;
  if (theme === "dark") return `oklch(${second ? "0.87 0.07" : "0.74 0.12"} ${hue})`;
  return `oklch(${second ? "0.45 0.11" : "0.6 0.14"} ${hue})`;
}

export function serviceColour(name: string, theme: "dark" | "light", alpha = 1): string {
  return hueColour(hueOf(name), theme, alpha);
}
