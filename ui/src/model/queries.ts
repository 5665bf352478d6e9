// The queries of the explorer in an address: `q=A:rate(x[5m])`, and `q=-B:up` for one that is switched off.
import type { Params } from "./filters";

export type Query = { letter: string; text: string; on: boolean };

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const MOST_QUERIES = LETTERS.length;

/** Always at least one, empty where the address has none. A text without a letter gets the next free one. */
export function readQueries(params: URLSearchParams): Query[] {
  const found: Query[] = [];
  for (const text of params.getAll("q").slice(0, MOST_QUERIES)) {
    const head = /^(-?)([A-Z]):/.exec(text);
    const letter = head?.[2] ?? "";
    const free = letter !== "" && found.every((one) => one.letter !== letter);
    found.push({
      letter: free ? letter : nextLetter(found),
      text: head ? text.slice(head[0].length) : text,
      on: head?.[1] !== "-",
    });
  }
  return found.length > 0 ? found : [{ letter: "A", text: "", on: true }];
}

/** A single empty query leaves no trace. */
export function queryParams(queries: readonly Query[]): Params {
  const bare = queries.length === 1 && queries[0]?.text === "";
  return {
    q: bare ? null : queries.map(({ letter, text, on }) => `${on ? "" : "-"}${letter}:${text}`),
  };
}

export function nextLetter(queries: readonly Query[]): string {
  return [...LETTERS].find((one) => queries.every(({ letter }) => letter !== one)) ?? "Z";
}
