// The same name has the same colour everywhere, no two alike, none like an error, all readable.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Theme } from "../design/theme";
import { hues, placed, seriesColours, slotColour, slotCount, tones } from "./colours";

const none = new Map<string, number>();
const shop = [
  "traffic-generator",
  "order-service",
  "inventory-service",
  "payment-service",
  "receipt-service",
];

describe("service hues", () => {
  it("are twelve, apart from each other and from red", () => {
    expect(new Set(hues).size).toBe(12);
    const fromRed = hues.map((hue) => Math.min(Math.abs(hue - 25), 360 - Math.abs(hue - 25)));
    expect(Math.min(...fromRed)).toBeGreaterThan(30);
  });
});

describe("places of services", () => {
  it("are of one hue each for the demo shop, whichever was seen first", () => {
    for (const first of shop) {
      const places = placed(placed(none, [first]), shop);
      expect(new Set([...places.values()].map((place) => place % hues.length)).size).toBe(5);
    }
  });

  it("are of hues that stand apart while there is room", () => {
    const [a = 0, b = 0, c = 0, d = 0] = [...placed(none, shop.slice(1)).values()].sort(
      (x, y) => x - y,
    );
    expect(Math.min(b - a, c - b, d - c)).toBeGreaterThan(1);
  });

  it("are different for 24 services", () => {
    const many = Array.from({ length: 24 }, (_, i) => `service-${i}`);
    expect(new Set(placed(none, many).values()).size).toBe(24);
  });

  it("stay when others arrive, and do not hang on the order of the list", () => {
    const before = placed(none, shop);
    const after = placed(before, ["aardvark", ...shop, "zebra"]);
    for (const name of shop) expect(after.get(name)).toBe(before.get(name));
    expect(placed(none, [...shop].reverse())).toEqual(before);
  });

  it("stay from release to release", () => {
    expect(["gateway", "cart"].map((name) => placed(none, [name]).get(name))).toEqual([0, 5]);
  });

  it("are shared, by the name alone, when all are taken", () => {
    const full = placed(
      none,
      Array.from({ length: 24 }, (_, i) => `s${i}`),
    );
    const place = placed(full, ["late"]).get("late") ?? -1;
    expect(place).toBeGreaterThanOrEqual(0);
    expect(place).toBeLessThan(slotCount);
    expect(placed(full, ["other", "late"]).get("late")).toBe(place);
  });
});

describe("series drawn together", () => {
  const names = Array.from({ length: 24 }, (_, i) => `series ${i}`);
  it("all look different, up to two tones of twelve", () => {
    expect(new Set(seriesColours(names, "dark")).size).toBe(24);
  });
  it("keep their colour whatever the order", () => {
    const backwards = seriesColours([...names].reverse(), "light").reverse();
    expect(backwards).toEqual(seriesColours(names, "light"));
  });
  it("of more than that still have one", () => {
    const many = Array.from({ length: 60 }, (_, i) => `s${i}`);
    expect(seriesColours(many, "dark").every((colour) => colour.startsWith("oklch("))).toBe(true);
  });
});

/** Relative luminance (WCAG 2) of an oklch colour, by way of linear sRGB cut to its gamut. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const cut = (value: number) => Math.min(1, Math.max(0, value));
  return (
    0.2126 * cut(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short) +
    0.7152 * cut(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short) +
    0.0722 * cut(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short)
  );
}

describe("every colour", () => {
  const surface = { dark: luminance(0.205, 0.014, 240), light: 1 };
  it.each(["dark", "light"] as Theme[])("reads as text on the %s surface", (theme) => {
    for (let place = 0; place < slotCount; place += 1) {
      const [lightness = 0, chroma = 0, hue = 0] = (
        slotColour(place, theme).match(/[\d.]+/g) ?? []
      ).map(Number);
      const both = [luminance(lightness, chroma, hue), surface[theme]].sort((x, y) => x - y);
      const contrast = ((both[1] ?? 0) + 0.05) / ((both[0] ?? 0) + 0.05);
      expect(contrast, slotColour(place, theme)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("is the same in the DOM, which takes it from the tokens", () => {
    const [dark = "", light = ""] = readFileSync("src/design/tokens.css", "utf8").split(
      ':root[data-theme="light"]',
    );
    for (const [css, theme] of [
      [dark, "dark"],
      [light, "light"],
    ] as const) {
      tones[theme].forEach(([lightness, chroma], tone) => {
        expect(css).toContain(`--tone-${tone}: ${lightness} ${chroma};`);
      });
    }
  });
});
