// Queries taken apart: each part once, in the order it is read.
import { describe, expect, it } from "vitest";
import { countQuery, flattened, queryTree } from "./queryTree";

const parts = (text: string) => {
  const tree = queryTree(text);
  return tree ? flattened(tree).map(({ depth, head, gives }) => [depth, head, gives]) : null;
};

describe("the tree of a query", () => {
  it("names each part by what it does", () => {
    expect(parts('topk(3, sum(rate(up{a="b"}[5m] offset 1m)) by (le) / on(a) -x)')).toEqual([
      [0, "topk", "vector"],
      [1, "3", "scalar"],
      [1, "/ on(a)", "vector"],
      [2, "sum by (le)", "vector"],
      [3, "rate", "vector"],
      [4, 'up{a="b"}[5m] offset 1m', "matrix"],
      [2, "-", "vector"],
      [3, "x", "vector"],
    ]);
  });
  it("passes through brackets and shows subqueries", () => {
    expect(parts("max_over_time((rate(x[1m]))[5m:1m])")).toEqual([
      [0, "max_over_time", "vector"],
      [1, "[5m:1m]", "matrix"],
      [2, "rate", "vector"],
      [3, "x[1m]", "matrix"],
    ]);
  });
  it("is missing for what is no query", () => {
    expect(queryTree("sum(")).toBeNull();
    expect(queryTree("")).toBeNull();
  });
});

describe("counting a part", () => {
  const queryOf = (text: string) => {
    const tree = queryTree(text);
    return tree && countQuery(tree);
  };
  it("fits what it gives", () => {
    expect(queryOf("up")).toBe("count(up)");
    expect(queryOf("up[5m]")).toBe("count(count_over_time(up[5m]))");
    expect(queryOf("1 + 2")).toBe("1 + 2");
    expect(queryOf('"text"')).toBeNull();
  });
});
