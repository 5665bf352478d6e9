// The same name has the same colour everywhere, and none looks like an error.
import { describe, expect, it } from "vitest";
import { hueOf, hues } from "./colours";

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
