// The catalogue: one entry a metric, whatever the server knows about it.
import { describe, expect, it } from "vitest";
import { catalogueOf, found, readSearch } from "./catalogue";

const meta = (type: string, unit = "", help = "") => [{ type, unit, help }];

describe("catalogue", () => {
  const entries = catalogueOf(
    [
      "up",
      "a_total",
      "b_total",
      "h_bucket",
      "h_sum",
      "h_count",
      "n_seconds",
      "q",
      "q_sum",
      "q_count",
    ],
    {
      a: meta("counter", "", "from OpenMetrics"),
      b_total: meta("counter"),
      n_seconds: meta("histogram", "seconds", "native"),
      q: meta("summary"),
    },
  );
  it("folds the parts of histograms and summaries", () => {
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ["a_total", "counter"],
      ["b_total", "counter"],
      ["h", "histogram"],
      ["n_seconds", "native"],
      ["q", "summary"],
      ["up", "gauge"],
    ]);
  });
  it("finds metadata that is kept without _total", () => {
    expect(entries[0]?.help).toBe("from OpenMetrics");
  });
  it("knows a counter by its name and a unit too", () => {
    expect(catalogueOf(["x_bytes_total"], {})).toEqual([
      { name: "x_bytes_total", kind: "counter", unit: "By", help: "" },
    ]);
  });
  it("does not fold a count that stands alone", () => {
    expect(catalogueOf(["jobs_count"], {}).map(({ name }) => name)).toEqual(["jobs_count"]);
  });
  it("is searched by everything known, names that begin so first", () => {
    expect(found(entries, ["n"]).map(({ name }) => name)[0]).toBe("n_seconds");
    expect(found(entries, ["openmetrics"]).map(({ name }) => name)).toEqual(["a_total"]);
    expect(found(entries, ["histogram", "h"]).map(({ name }) => name)).toEqual(["h"]);
  });
});

describe("a search", () => {
  it("tells matchers from words", () => {
    expect(readSearch('Http service="my cart" job= =x')).toEqual({
      words: ["http", "=x"],
      matchers: [
        { label: "service", value: "my cart" },
        { label: "job", value: "" },
      ],
    });
  });
});
