// The queries of the page: what runs stands in the address, what is being written stands here until it is run.
import { useState } from "react";
import {
  MOST_QUERIES,
  nextLetter,
  type Query,
  queryParams,
  readQueries,
} from "../../model/queries";
import { changeParams, useAddress } from "../../routes/address";
import { remember } from "./pastQueries";

export type Queries = {
  all: Query[];
  /** The text in the editor of a query: its draft, or what runs. */
  written: (query: Query) => string;
  write: (letter: string, text: string) => void;
  /** Runs every draft; false where nothing had changed. */
  run: () => boolean;
  /** Runs a text in place of a query, or as a further one. */
  put: (letter: string | null, text: string) => void;
  change: (letter: string, part: Partial<Query>) => void;
  remove: (letter: string) => void;
  duplicate: (letter: string) => void;
  full: boolean;
};

type Drafts = { of: string; texts: Readonly<Record<string, string>> };

export function useQueries(): Queries {
  const { params } = useAddress();
  const all = readQueries(params);
  const running = params.getAll("q").join("\n");
  const [drafts, setDrafts] = useState<Drafts>({ of: running, texts: {} });
  // Drafts belong to the queries they were written over: Back brings the text back that ran.
  const texts = drafts.of === running ? drafts.texts : {};
  const written = ({ letter, text }: Query) => texts[letter] ?? text;
  const drafted = all.map((query) => ({ ...query, text: written(query).trim() }));
  const set = (queries: readonly Query[]) => {
    for (const { text } of queries) remember(text);
    setDrafts({ of: "", texts: {} });
    changeParams({ ...queryParams(queries), only: null });
  };
  const added = (text: string): Query[] => [
    ...drafted.filter((one) => one.text !== "" || drafted.length > 1),
    {
      letter: nextLetter(drafted.filter((one) => one.text !== "" || drafted.length > 1)),
      text,
      on: true,
    },
  ];
  return {
    all,
    written,
    write: (letter, text) => setDrafts({ of: running, texts: { ...texts, [letter]: text } }),
    run: () => {
      const changed = drafted.some((query, i) => query.text !== all[i]?.text);
      if (changed) set(drafted);
      return changed;
    },
    put: (letter, text) =>
      set(
        letter === null
          ? added(text)
          : drafted.map((one) => (one.letter === letter ? { ...one, text, on: true } : one)),
      ),
    change: (letter, part) =>
      set(drafted.map((one) => (one.letter === letter ? { ...one, ...part } : one))),
    remove: (letter) => set(drafted.filter((one) => one.letter !== letter)),
    duplicate: (letter) => {
      const text = drafted.find((one) => one.letter === letter)?.text ?? "";
      set([...drafted, { letter: nextLetter(drafted), text, on: true }]);
    },
    full: all.length >= MOST_QUERIES,
  };
}
