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

/** Series are many: any hue that is not near red, in two tones, so that neighbours seldom look alike. */
export function seriesColour(labels: string, theme: "dark" | "light"): string {
  const h = hash(labels);
  const hue = 60 + (h % 286);
  const deep = (h >>> 16) % 2 === 0;
  if (theme === "dark") return `oklch(${deep ? "0.68 0.13" : "0.82 0.09"} ${hue})`;
  return `oklch(${deep ? "0.5 0.13" : "0.65 0.14"} ${hue})`;
}

export function serviceColour(name: string, theme: "dark" | "light", alpha = 1): string {
  return hueColour(hueOf(name), theme, alpha);
}
