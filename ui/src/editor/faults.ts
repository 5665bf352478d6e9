// What is wrong with a query, underlined: as far as its grammar tells while typing, and as the server said of what was run.
import { type Diagnostic, linter } from "@codemirror/lint";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import type { LintStrategy } from "@prometheus-io/codemirror-promql";
import { faultSpan, type QueryFault } from "../model/queryFault";

export const setFaults = StateEffect.define<readonly QueryFault[]>();

/** Of the text as it was run: the first change of it makes them void. */
const serverFaults = StateField.define<readonly QueryFault[]>({
  create: () => [],
  update: (faults, transaction) => {
    for (const effect of transaction.effects) if (effect.is(setFaults)) return effect.value;
    return transaction.docChanged ? [] : faults;
  },
});

export function faultMarks(grammar: LintStrategy): Extension {
  const check = grammar.promQL();
  return [
    serverFaults,
    linter(
      async (view) => {
        const text = view.state.doc.toString();
        const told = view.state.field(serverFaults).flatMap((fault) => diagnostic(text, fault));
        // The server knows better: where it has found an error, the grammar's guesses are left out.
        if (text.trim() === "" || told.some(({ severity }) => severity === "error")) return told;
        return [...(await check(view)), ...told];
      },
      {
        delay: 400,
        needsRefresh: (update) =>
          update.transactions.some(({ effects }) => effects.some((effect) => effect.is(setFaults))),
      },
    ),
  ];
}

function diagnostic(text: string, { severity, message, place }: QueryFault): Diagnostic[] {
  const span = place && faultSpan(text, place);
  return span ? [{ ...span, severity, message }] : [];
}
