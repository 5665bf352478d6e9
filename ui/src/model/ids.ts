// Trace and span ids: short in lists, whole on hover, recognised when pasted.

/** Eight digits that tell ids apart: those of a 64-bit id where it was padded to 128. */
export function shortId(id: string): string {
  const padded = id.length === 32 && id.startsWith("0".repeat(16));
  return padded ? id.slice(16, 24) : id.slice(0, 8);
}

/** A pasted trace id: 32 hex digits, dashes or spaces around allowed; a W3C traceparent too. */
export function asTraceId(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(trimmed);
  if (parent) return parent[1] ?? null;
  const plain = trimmed.replace(/-/g, "");
  return /^[0-9a-f]{32}$/.test(plain) ? plain : null;
}
