// Queries survive the way into an address and back, whatever their text.
import { describe, expect, it } from "vitest";
import { withParams } from "./filters";
import { type Query, queryParams, readQueries } from "./queries";

const roundTrip = (queries: Query[]) =>
  readQueries(withParams(new URLSearchParams(), queryParams(queries)));

describe("queries in an address", () => {
  it("come back as they went, also switched off, empty or with odd signs", () => {
    const queries = [
      { letter: "A", text: 'rate(x{a="&q=B:"}[5m])', on: true },
      { letter: "C", text: "job:up:sum", on: false },
      { letter: "D", text: "", on: true },
    ];
    expect(roundTrip(queries)).toEqual(queries);
  });
  it("may be written by hand without a letter", () => {
    expect(readQueries(new URLSearchParams("q=up&q=A:down"))).toEqual([
      { letter: "A", text: "up", on: true },
      { letter: "B", text: "down", on: true },
    ]);
  });
  it("leave no trace when there is nothing to say", () => {
    expect(readQueries(new URLSearchParams())).toEqual([{ letter: "A", text: "", on: true }]);
    expect(queryParams([{ letter: "A", text: "", on: true }])).toEqual({ q: null });
  });
});
