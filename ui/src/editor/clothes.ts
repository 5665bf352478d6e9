// The editor in the house's colours: all of them tokens, so that light and dark need no second theme.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const highlight = HighlightStyle.define([
  { tag: tags.function(tags.variableName), color: "var(--code-call)" },
  { tag: [tags.operatorKeyword, tags.modifier, tags.keyword], color: "var(--code-word)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.integer, tags.float], color: "var(--code-number)" },
  { tag: tags.labelName, color: "var(--ink-2)" },
  { tag: [tags.operator, tags.paren, tags.squareBracket, tags.brace], color: "var(--ink-3)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
]);

const popup = {
  border: "1px solid var(--line)",
  borderRadius: "6px",
  background: "var(--surface)",
  boxShadow: "var(--shadow)",
  color: "var(--ink-2)",
};

const theme = EditorView.theme({
  "&": { fontSize: "12.5px", color: "var(--ink)", background: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", overflowX: "hidden" },
  ".cm-content": { padding: "4px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 8px" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "1.5px" },
  ".cm-placeholder": { color: "var(--ink-3)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "oklch(from var(--accent) l c h / 0.25)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    background: "var(--accent-soft)",
    outline: "1px solid oklch(from var(--accent) l c h / 0.4)",
  },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { color: "var(--bad)" },
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "1px" },
  ".cm-lintRange-error": {
    textDecoration: "underline wavy var(--bad) 1px",
    textUnderlineOffset: "4px",
  },
  ".cm-lintRange-warning": {
    textDecoration: "underline wavy var(--warn) 1px",
    textUnderlineOffset: "4px",
  },
  ".cm-lintRange-info": {
    textDecoration: "underline dotted var(--ink-3) 1.5px",
    textUnderlineOffset: "4px",
  },
  ".cm-lintPoint::after": { borderBottomColor: "var(--bad)" },
  ".cm-tooltip": { ...popup, zIndex: "60" },
  ".cm-tooltip.cm-tooltip-lint": { fontSize: "12px", fontFamily: "var(--sans)" },
  ".cm-diagnostic": { padding: "5px 10px", borderLeft: "2px solid var(--ink-3)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    fontSize: "12px",
    maxHeight: "264px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "3px 10px",
    lineHeight: "19px",
    color: "var(--ink-2)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--raised)",
    color: "var(--ink)",
  },
  ".cm-completionMatchedText": {
    textDecoration: "none",
    color: "var(--accent)",
    fontWeight: "600",
  },
  ".cm-completionDetail": {
    fontStyle: "normal",
    color: "var(--ink-3)",
    fontFamily: "var(--sans)",
    fontSize: "11px",
    marginLeft: "12px",
  },
  ".cm-tooltip.cm-completionInfo": {
    ...popup,
    padding: "7px 10px",
    maxWidth: "340px",
    font: "12px/1.5 var(--sans)",
  },
});

export const clothes: Extension = [theme, syntaxHighlighting(highlight)];
