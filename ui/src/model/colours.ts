// Colours by stable hash, and apart where two would look alike: pure functions over names.
import type { Theme } from "../design/theme";

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

/** Lightness and chroma of the two tones; `tokens.css` says the same for the DOM. All reach 4.5 : 1 on the surface. */
export const tones: Record<Theme, readonly [readonly [number, number], readonly [number, number]]> =
  {
    dark: [
      [0.74, 0.11],
      [0.88, 0.06],
    ],
    light: [
      [0.54, 0.12],
      [0.4, 0.1],
    ],
  };

/** Twelve hues in two tones: a slot is a colour. */
export const slotCount = hues.length * 2;

export type Slot = { hue: number; tone: 0 | 1 };

export function slotOf(place: number): Slot {
  return { hue: hues[place % hues.length] ?? 200, tone: place % slotCount >= hues.length ? 1 : 0 };
}

/** A colour string for canvases; in the DOM the same comes from `--hue`, the tone and the tokens. */
export function slotColour(place: number, theme: Theme): string {
  const { hue, tone } = slotOf(place);
  const [lightness, chroma] = tones[theme][tone];
  return `oklch(${lightness} ${chroma} ${hue})`;
}

/**
 * Gives each name a place of its own: the one its hash prefers, or, where that or a neighbour of it is
 * another's, the next that stands apart, then the next that is free.
 * Names that have a place keep it; new ones are placed in sorted order. When all 24 are taken, a new name shares
 * the place that its hash prefers.
 */
export function placed(
  kept: ReadonlyMap<string, number>,
  names: readonly string[],
): Map<string, number> {
  const places = new Map(kept);
  const taken = new Set(kept.values());
  for (const name of [...new Set(names)].sort()) {
    if (places.has(name)) continue;
    const place = freePlace(hash(name), taken);
    taken.add(place);
    places.set(name, place);
  }
  return places;
}

function freePlace(wanted: number, taken: ReadonlySet<number>): number {
  const first = wanted % hues.length;
  // Five is prime to twelve: the next try is far away in hue, and all are reached.
  const tries = hues.map((_, step) => (first + step * 5) % hues.length);
  const free = (place: number) => !taken.has(place);
  const beside = (place: number) => [place - 1, place + 1];
  return (
    tries.find((place) => free(place) && beside(place).every(free)) ??
    tries.find(free) ??
    tries.map((place) => place + hues.length).find(free) ??
    wanted % slotCount
  );
}

/** Colours of series drawn together, in the order given. */
export function seriesColours(names: readonly string[], theme: Theme): string[] {
  const places = placed(new Map(), names);
  return names.map((name) => slotColour(places.get(name) ?? 0, theme));
}
