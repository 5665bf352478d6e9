// Label sets: written so that PromQL reads them again, compared so that nothing is said twice.
import { describe, expect, it } from "vitest";
import { labelColumns, selector, seriesText } from "./labelSets";

describe("a series as text", () => {
  it("is a selector", () => {
    expect(seriesText({ __name__: "up", job: "a", instance: 'x"y\\' })).toBe(
      'up{instance="x\\"y\\\\", job="a"}',
    );
  });
  it("quotes names that PromQL would not read", () => {
    expect(seriesText({ __name__: "shop.orders", "http.route": "/" })).toBe(
      '{"shop.orders", "http.route"="/"}',
    );
    expect(selector("shop.orders")).toBe('{"shop.orders"}');
  });
  it("is {} without labels", () => expect(seriesText({})).toBe("{}"));
});

describe("columns", () => {
  it("hold what differs, the name first", () => {
    expect(
      labelColumns([
        { __name__: "a", job: "x", z: "1" },
        { __name__: "b", job: "x" },
      ]),
    ).toEqual({ shared: { job: "x" }, differing: ["__name__", "z"] });
  });
  it("hold everything of a series that is alone", () => {
    expect(labelColumns([{ job: "x" }])).toEqual({ shared: {}, differing: ["job"] });
  });
});
