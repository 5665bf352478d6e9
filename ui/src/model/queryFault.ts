// Where in a query a fault lies, read from the message of the server: `1:5: parse error: …` and `… (1:5)`.

export type QueryFault = {
  severity: "error" | "warning" | "info";
  message: string;
  /** Both from 1, columns in bytes of UTF-8, as Prometheus counts. Null where the message has no place. */
  place: { line: number; column: number } | null;
};

export function readFault(severity: QueryFault["severity"], text: string): QueryFault {
  const message = text
    .replace(/^invalid parameter "query": /, "")
    .replace(/^PromQL (info|warning): /, "");
  const front = /^(\d+):(\d+): (?:parse error: )?/.exec(message);
  if (front) {
    return { severity, message: message.slice(front[0].length), place: placeOf(front) };
  }
  const back = / \((\d+):(\d+)\)$/.exec(message);
  return back
    ? { severity, message: message.slice(0, back.index), place: placeOf(back) }
    : { severity, message, place: null };
}

function placeOf(found: RegExpExecArray): { line: number; column: number } {
  return { line: Number(found[1]), column: Number(found[2]) };
}

/** The offset in characters, kept inside the text; null where there is no such line. */
export function offsetOf(text: string, place: { line: number; column: number }): number | null {
  const lines = text.split("\n");
  const line = lines[place.line - 1];
  if (line === undefined) return null;
  const before = lines.slice(0, place.line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const bytes = new TextEncoder().encode(line).slice(0, Math.max(0, place.column - 1));
  return before + new TextDecoder().decode(bytes).length;
}

/** What to underline: the word at the place, or the last character where the text ends too early. */
export function faultSpan(
  text: string,
  place: { line: number; column: number },
): { from: number; to: number } | null {
  const at = offsetOf(text, place);
  if (at === null || text === "") return null;
  if (at >= text.length) return { from: text.length - 1, to: text.length };
  const word = /^[\w:.]+/.exec(text.slice(at));
  return { from: at, to: at + Math.max(1, word?.[0].length ?? 1) };
}
