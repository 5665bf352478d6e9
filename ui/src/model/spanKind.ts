// OTLP's span kinds and status codes as words.

const kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const statuses = ["unset", "ok", "error"];

export function kindWord(kind: number): string {
  return kinds[kind] ?? "unspecified";
}

export function statusWord(code: number): string {
  return statuses[code] ?? "unset";
}
