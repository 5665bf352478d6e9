// The same name has the same colour everywhere, and none looks like an error.
import { describe, expect, it } from "vitest";
import { hueOf, hues, seriesColours } from "./colours";

describe("service hues", () => {
  it("are twelve, apart from each other and from red", () => {
    expect(new Set(hues).size).toBe(12);
    const fromRed = hues.map((hue) => Math.min(Math.abs(hue - 25), 360 - Math.abs(hue - 25)));
    expect(Math.min(...fromRed)).toBeGreaterThan(30);
  });

  it("are stable from release to release", () => {
    expect(hueOf("order-service")).toBe(hueOf("order-service"));
    expect([hueOf("gateway"), hueOf("cart"), hueOf("inventory")]).toEqual([60, 190, 164]);
  });

  it("spread over names that differ in one letter", () => {
    const seen = new Set(Array.from({ length: 48 }, (_, i) => hueOf(`service-${i}`)));
    expect(seen.size).toBe(12);
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
