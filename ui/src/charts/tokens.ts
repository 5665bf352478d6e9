// The design tokens as strings for canvases, read anew when the theme changes.
import { useMemo } from "react";
import { type Theme, useTheme } from "../design/theme";
import type { Band } from "../model/severity";

const names = [
  "ground",
  "surface",
  "raised",
  "line",
  "line-soft",
  "ink",
  "ink-2",
  "ink-3",
  "accent",
  "ok",
  "warn",
  "bad",
] as const;
type Name = (typeof names)[number];

export type Tokens = { theme: Theme; colour: Record<Name, string>; band: Record<Band, string> };

export const sans = '"Inter Variable", system-ui, sans-serif';

export function useTokens(): Tokens {
  const theme = useTheme();
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const colour = Object.fromEntries(
      names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
    ) as Record<Name, string>;
    return { theme, colour, band: bandColours(theme, colour) };
  }, [theme]);
}

function bandColours(theme: Theme, colour: Record<Name, string>): Record<Band, string> {
  const light = theme === "light";
  return {
    unspecified: light ? "oklch(0.8 0.008 240)" : "oklch(0.4 0.012 240)",
    trace: light ? "oklch(0.84 0.02 240)" : "oklch(0.36 0.02 240)",
    debug: light ? "oklch(0.76 0.03 240)" : "oklch(0.44 0.03 240)",
    info: light ? "oklch(0.66 0.06 240)" : "oklch(0.56 0.06 240)",
    // Brown is for words on white; a bar may be amber.
    warn: light ? "oklch(0.72 0.14 76)" : colour.warn,
    error: colour.bad,
    fatal: light ? "oklch(0.42 0.18 10)" : "oklch(0.62 0.22 5)",
  };
}
