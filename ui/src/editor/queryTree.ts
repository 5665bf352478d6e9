// A query taken apart: every part that has a value of its own, with its text, its kind, and how to count it.
import type { SyntaxNode } from "@lezer/common";
import { getType } from "@prometheus-io/codemirror-promql/dist/esm/parser/type";
import { parser } from "@prometheus-io/lezer-promql";

export type QueryNode = {
  /** Its place in the tree, as in `0.1`: the same for the same query. */
  id: string;
  depth: number;
  /** Its own part of the text: `sum by (le)`, `rate`, `/ on(job)`. */
  head: string;
  text: string;
  kind: "selector" | "call" | "aggregation" | "operation" | "subquery" | "literal";
  gives: "vector" | "matrix" | "scalar" | "string" | "none";
  children: QueryNode[];
};

const EXPRESSIONS: Record<string, QueryNode["kind"]> = {
  AggregateExpr: "aggregation",
  FunctionCall: "call",
  BinaryExpr: "operation",
  UnaryExpr: "operation",
  SubqueryExpr: "subquery",
  VectorSelector: "selector",
  MatrixSelector: "selector",
  NumberDurationLiteral: "literal",
  StringLiteral: "literal",
  // Around a selector these belong to it; around anything else they are passed through.
  OffsetExpr: "selector",
  StepInvariantExpr: "selector",
};
const PASSED: readonly string[] = ["ParenExpr", "AnchoredExpr", "SmoothedExpr"];

/** Null where the text is no query. */
export function queryTree(text: string): QueryNode | null {
  const tree = parser.parse(text);
  let broken = false;
  tree.iterate({
    enter: ({ type }) => {
      if (type.isError) broken = true;
    },
  });
  const first = tree.topNode.firstChild;
  return broken || !first ? null : nodeOf(first, text, "0", 0);
}

/** Parents before children, as they are listed. */
export function flattened(node: QueryNode): QueryNode[] {
  return [node, ...node.children.flatMap(flattened)];
}

/** A query that gives the number of series of a part; for a scalar, the part itself. Null for text. */
export function countQuery({ text, gives }: QueryNode): string | null {
  if (gives === "vector") return `count(${text})`;
  if (gives === "matrix") return `count(count_over_time(${text}))`;
  return gives === "scalar" ? text : null;
}

function nodeOf(node: SyntaxNode, text: string, id: string, depth: number): QueryNode | null {
  const inner = childrenOf(node);
  const [only] = inner;
  if (PASSED.includes(node.name) && only) return nodeOf(only, text, id, depth);
  const kind = EXPRESSIONS[node.name];
  if (!kind) return null;
  const own = text.slice(node.from, node.to);
  const leaf = kind === "selector" && isSelector(node);
  const children = leaf
    ? []
    : inner.flatMap((child, i) => nodeOf(child, text, `${id}.${i}`, depth + 1) ?? []);
  return {
    id,
    depth,
    head: leaf || kind === "literal" ? own : headOf(node, inner, text),
    text: own,
    kind: leaf ? "selector" : kind === "selector" ? "operation" : kind,
    gives: getType(node) as QueryNode["gives"],
    children,
  };
}

/** The operands: arguments stand in a body of their own, everything else is a direct child. */
function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const body = node.getChild("FunctionCallBody") ?? node;
  const found: SyntaxNode[] = [];
  for (let child = body.firstChild; child; child = child.nextSibling)
    if (child.name in EXPRESSIONS || PASSED.includes(child.name)) found.push(child);
  return found;
}

function isSelector(node: SyntaxNode): boolean {
  if (node.name === "VectorSelector") return true;
  return childrenOf(node).every(isSelector);
}

function headOf(node: SyntaxNode, inner: readonly SyntaxNode[], text: string): string {
  const [first, second] = inner;
  const part = (from: number, to: number) => text.slice(from, to).replace(/\s+/g, " ").trim();
  if (node.name === "BinaryExpr" && first && second) return part(first.to, second.from);
  if (node.name === "UnaryExpr") return part(node.from, first?.from ?? node.to);
  const body = node.getChild("FunctionCallBody");
  // `sum(x) by (le)` reads as `sum by (le)`.
  if (body) return `${part(node.from, body.from)} ${part(body.to, node.to)}`.trim();
  return part(first?.to ?? node.from, node.to);
}
