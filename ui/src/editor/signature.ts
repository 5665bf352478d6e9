// While the cursor stands in a call: how the function is called, which argument this is, and what it does.
import { syntaxTree } from "@codemirror/language";
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, showTooltip, type Tooltip } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import {
  aggregateOpTerms,
  functionIdentifierTerms,
} from "@prometheus-io/codemirror-promql/dist/esm/complete/promql.terms";
import { getFunction } from "@prometheus-io/codemirror-promql/dist/esm/types/function";

export type Signature = { name: string; args: string[]; at: number; does: string };

const typeWords: Record<string, string> = {
  vector: "instant vector",
  matrix: "range vector",
  scalar: "scalar",
  string: "string",
};
const aggregateParameters: Record<string, string> = {
  topk: "scalar k",
  bottomk: "scalar k",
  limitk: "scalar k",
  limit_ratio: "scalar ratio",
  quantile: "scalar φ",
  count_values: "string label",
};

/** The innermost call around a position; null outside of all. */
export function signatureAt(state: EditorState, position: number): Signature | null {
  let node: SyntaxNode | null = syntaxTree(state).resolveInner(position, -1);
  for (; node; node = node.parent) {
    if (node.name !== "FunctionCallBody") continue;
    // Before the opening bracket or behind the closing one is outside.
    const closed = state.sliceDoc(node.to - 1, node.to) === ")";
    if (position <= node.from || (closed && position >= node.to)) continue;
    const call = node.parent;
    const head = call?.firstChild;
    if (!call || !head) return null;
    const name = state.sliceDoc(head.from, head.to);
    const at = argumentAt(node, position);
    return call.name === "AggregateExpr" ? aggregate(name, at) : plain(name, at, head.firstChild);
  }
  return null;
}

function argumentAt(body: SyntaxNode, position: number): number {
  let at = 0;
  for (let child = body.firstChild; child && child.to <= position; child = child.nextSibling)
    if (child.name === ",") at += 1;
  const text = body.getChildren("Expr").filter(({ to }) => to < position).length;
  return Math.max(at, text);
}

function aggregate(name: string, at: number): Signature {
  const parameter = aggregateParameters[name];
  const args = [...(parameter ? [parameter] : []), "instant vector"];
  return { name, args, at: Math.min(at, args.length - 1), does: infoOf(aggregateOpTerms, name) };
}

function plain(name: string, at: number, id: SyntaxNode | null): Signature | null {
  const known = id ? getFunction(id.type.id) : undefined;
  if (!known) return null;
  const args = known.argTypes.map((type) => typeWords[type] ?? type);
  // What may be left out is said; what may be repeated too.
  if (known.variadic !== 0 && args.length > 0) {
    const last = args.length - 1;
    args[last] = known.variadic < 0 ? `${args[last]}…` : `[${args[last]}]`;
  }
  const does = infoOf(functionIdentifierTerms, name);
  return { name, args, at: Math.min(at, args.length - 1), does };
}

function infoOf(terms: readonly { label: string; info?: unknown }[], name: string): string {
  const info = terms.find(({ label }) => label === name)?.info;
  return typeof info === "string" ? info : "";
}

function tooltipOf(state: EditorState): Tooltip | null {
  const { main } = state.selection;
  const signature = main.empty ? signatureAt(state, main.head) : null;
  if (!signature) return null;
  return {
    pos: main.head,
    above: true,
    create: () => ({ dom: drawn(signature) }),
  };
}

function drawn({ name, args, at, does }: Signature): HTMLElement {
  const box = document.createElement("div");
  box.className = "signature";
  const line = box.appendChild(document.createElement("div"));
  line.className = "signature-call";
  line.append(`${name}(`);
  args.forEach((text, i) => {
    if (i > 0) line.append(", ");
    const part = line.appendChild(document.createElement(i === at ? "strong" : "span"));
    part.textContent = text;
  });
  line.append(")");
  if (does !== "") {
    const told = box.appendChild(document.createElement("div"));
    told.className = "signature-does";
    told.textContent = does;
  }
  return box;
}

const hide = StateEffect.define<null>();

const shown: StateField<Tooltip | null> = StateField.define<Tooltip | null>({
  // Only who types or moves is helped: an editor that was just filled says nothing.
  create: () => null,
  update: (tooltip, transaction) => {
    if (transaction.effects.some((effect) => effect.is(hide))) return null;
    if (!transaction.docChanged && !transaction.selection) return tooltip;
    const byHand = ["input", "select", "delete"].some((event) => transaction.isUserEvent(event));
    return byHand ? tooltipOf(transaction.state) : null;
  },
  provide: (field) => showTooltip.from(field),
});

export const signatureHelp: Extension = shown;

/** Puts the help away; false where none was shown. */
export function hideSignature(view: EditorView): boolean {
  if (view.state.field(shown) === null) return false;
  view.dispatch({ effects: hide.of(null) });
  return true;
}
