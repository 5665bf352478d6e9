// One query being written: PromQL with completion from what there is, faults underlined, and a key for each thing.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionStatus,
  currentCompletions,
  moveCompletionSelection,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewline } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, type KeyBinding, keymap, placeholder } from "@codemirror/view";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import { parser } from "@prometheus-io/lezer-promql";
import { useEffect, useRef } from "react";
import type { CompletionSource } from "../backend/completion";
import type { QueryFault } from "../model/queryFault";
import { asClient } from "./client";
import { clothes } from "./clothes";
import { faultMarks, setFaults } from "./faults";
import { hideSignature, signatureHelp } from "./signature";
import "./editor.css";

export type PromqlEditorProps = {
  text: string;
  label: string;
  source: CompletionSource;
  /** What the server said of `text`. */
  faults: readonly QueryFault[];
  onChange: (text: string) => void;
  onRun: () => void;
  /** An older (-1) or newer (1) text from the history; null where there is none. */
  onRecall: (direction: 1 | -1) => void;
  onFormat: () => void;
  onFocus: () => void;
};

type Handlers = { current: PromqlEditorProps };

export function PromqlEditor(props: PromqlEditorProps) {
  const { text, label, source, faults } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is only the first one; changes flow in below
  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({ doc: text, extensions: extensions(label, source, latest) }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label, source]);

  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === text) return;
    made.dispatch({
      changes: { from: 0, to: made.state.doc.length, insert: text },
      selection: { anchor: text.length },
    });
  }, [text]);

  useEffect(() => {
    view.current?.dispatch({ effects: setFaults.of(faults) });
  }, [faults]);

  const bad = faults.some(({ severity }) => severity === "error");
  return <div ref={host} className="promql" data-bad={bad} />;
}

function extensions(label: string, source: CompletionSource, latest: Handlers): Extension {
  const terms = new Map(parser.nodeSet.types.map(({ id, name }) => [id, name]));
  const promql = new PromQLExtension()
    .setComplete({ remote: asClient(source, (id) => terms.get(id) ?? "") })
    .activateLinter(false);
  return [
    keymap.of(keys(latest)),
    history(),
    closeBrackets(),
    bracketMatching(),
    EditorView.lineWrapping,
    placeholder("A metric or a PromQL query"),
    promql.asExtension(),
    // Nothing is chosen until Tab or an arrow says so: Enter runs what was written.
    autocompletion({
      selectOnOpen: false,
      interactionDelay: 0,
      icons: false,
      maxRenderedOptions: 60,
    }),
    faultMarks(promql.getLinter()),
    signatureHelp,
    keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onChange(update.state.doc.toString());
      if (update.focusChanged && update.view.hasFocus) latest.current.onFocus();
    }),
    clothes,
  ];
}

function keys(latest: Handlers): KeyBinding[] {
  const does = (run: (handlers: PromqlEditorProps) => void) => () => {
    run(latest.current);
    return true;
  };
  return [
    { key: "Enter", run: (view) => acceptCompletion(view) || does(({ onRun }) => onRun())() },
    { key: "Mod-Enter", run: does(({ onRun }) => onRun()) },
    { key: "Shift-Enter", run: insertNewline },
    { key: "Tab", run: takeFirst },
    { key: "Ctrl-ArrowUp", run: does(({ onRecall }) => onRecall(-1)) },
    { key: "Ctrl-ArrowDown", run: does(({ onRecall }) => onRecall(1)) },
    { key: "Alt-Shift-f", run: does(({ onFormat }) => onFormat()) },
    { key: "Ctrl-Space", run: startCompletion },
    { key: "Escape", run: leave },
  ];
}

/** Tab takes the first of an open list; without one it leaves the field, as Tab does everywhere. */
function takeFirst(view: EditorView): boolean {
  if (currentCompletions(view.state).length === 0) return false;
  if (!acceptCompletion(view)) {
    moveCompletionSelection(true)(view);
    acceptCompletion(view);
  }
  return true;
}

function leave(view: EditorView): boolean {
  if (completionStatus(view.state) === "active") return false;
  if (hideSignature(view)) return true;
  view.contentDOM.blur();
  return true;
}
