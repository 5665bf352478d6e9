// Filters say the same after a trip through the address.
import { describe, expect, it } from "vitest";
import { parseFilter, printFilter } from "./attributes";
import {
  type LogFilters,
  logParams,
  noTraceFilters,
  readLogFilters,
  readTraceFilters,
  type TraceFilters,
  traceParams,
  withParams,
} from "./filters";

const none = new URLSearchParams();

describe("attribute filters", () => {
  it.each([
    ["k=v", { key: "k", operator: "=", value: "v" }],
    ["k!=v", { key: "k", operator: "!=", value: "v" }],
    ["http.route~/cart", { key: "http.route", operator: "~", value: "/cart" }],
    ["retry", { key: "retry", operator: "exists", value: "" }],
    ["q=a=b", { key: "q", operator: "=", value: "a=b" }],
    ["note=two\nlines", { key: "note", operator: "=", value: "two\nlines" }],
  ] as const)("%j", (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
    expect(printFilter(filter)).toBe(text);
  });

  it("refuses what has no key", () => {
    expect(parseFilter("=v")).toBeNull();
    expect(parseFilter("  ")).toBeNull();
  });
});

describe("trace filters", () => {
  it("come back from the address as they went", () => {
    const filters: TraceFilters = {
      service: "order & co",
      operation: "GET /cart?x=1",
      status: "error",
      minDuration: "100ms",
      maxDuration: "2s",
      attributes: [
        { key: "http.route", operator: "=", value: "/a" },
        { key: "tenant", operator: "!=", value: "ü" },
      ],
    };
    const address = withParams(none, traceParams(filters)).toString();
    expect(readTraceFilters(new URLSearchParams(address))).toEqual(filters);
  });

  it("leave nothing behind when cleared", () => {
    const params = new URLSearchParams("service=a&attribute=k%3Dv&attribute=x&range=1h");
    expect(withParams(params, traceParams(noTraceFilters)).toString()).toBe("range=1h");
  });

  it("drop a status nobody knows", () => {
    expect(readTraceFilters(new URLSearchParams("status=broken")).status).toBe("");
  });
});

describe("log filters", () => {
  it("come back from the address as they went", () => {
    const filters: LogFilters = {
      service: "cart",
      severity: "warn",
      text: "time out",
      attributes: [{ key: "code.lineno", operator: "exists", value: "" }],
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "00f067aa0ba902b7",
    };
    const address = withParams(none, logParams(filters)).toString();
    expect(readLogFilters(new URLSearchParams(address))).toEqual(filters);
  });
});
