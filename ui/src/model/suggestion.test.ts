// Queries that are offered, and the units guessed for those that are written.
import { describe, expect, it } from "vitest";
import { queryUnit, unitWriter } from "./queryUnit";
import { bucketQuery, heatQuery, suggestedQuery } from "./suggestion";

const entry = (name: string, kind: Parameters<typeof suggestedQuery>[0]["kind"]) => ({
  name,
  kind,
  unit: "",
  help: "",
});

describe("a suggested query", () => {
  it.each([
    ["counter", "rate(x[5m])"],
    ["histogram", "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))"],
    ["native", "histogram_quantile(0.95, sum(rate(x[5m])))"],
    ["gauge", "x"],
    ["unknown", "x"],
  ] as const)("of a %s", (kind, query) =>
    expect(suggestedQuery(entry("x", kind), "5m")).toBe(query),
  );
  it("quotes names that need it", () => {
    expect(suggestedQuery(entry("a.b", "counter"), "1m")).toBe('rate({"a.b"}[1m])');
  });
  it("has buckets for histograms only", () => {
    expect(bucketQuery(entry("x", "histogram"), "5m")).toBe("sum by (le) (rate(x_bucket[5m]))");
    expect(bucketQuery(entry("x", "gauge"), "5m")).toBeNull();
  });
});

describe("the query of a heat map", () => {
  it("is what the quantile is taken of", () => {
    expect(heatQuery('histogram_quantile(0.9, sum by (le) (x{a=")"}))')).toBe(
      'sum by (le) (x{a=")"})',
    );
  });
  it("is the query itself where the quantile is only a part of it", () => {
    const text = "histogram_quantile(0.9, a) / histogram_quantile(0.5, b)";
    expect(heatQuery(text)).toBe(text);
  });
});

describe("the unit of a query", () => {
  it.each([
    ["process_resident_memory_bytes", "By"],
    ["sum by (job_bytes) (up)", ""],
    ["rate(net_bytes_total[5m])", "By/s"],
    ["rate(http_requests_total[5m])", "/s"],
    ["rate(process_cpu_seconds_total[5m])", ""],
    ["histogram_quantile(0.95, sum by (le) (rate(d_seconds_bucket[5m])))", "s"],
    ["rate(d_seconds_sum[5m]) / rate(d_seconds_count[5m])", "s"],
    ["a_bytes / b_bytes", ""],
    ["count(a_bytes)", ""],
    ['a_bytes{path="/x_seconds"}', "By"],
  ])("%s", (text, unit) => expect(queryUnit(text)).toBe(unit));
  it("is taken from metadata first", () => {
    expect(queryUnit("stock", (name) => (name === "stock" ? "{item}" : ""))).toBe("{item}");
  });
  it("is written behind a rate", () => {
    expect(unitWriter("By/s")(2048)).toBe("2\u00a0KB/s");
    expect(unitWriter("/s")(3)).toBe("3/s");
  });
});
