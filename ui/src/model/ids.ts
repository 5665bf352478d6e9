// Trace and span ids: short in lists, whole on hover, recognised when pasted.

export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** A pasted trace id: 32 hex digits, dashes or spaces around allowed; a W3C traceparent too. */
export function asTraceId(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(trimmed);
  if (parent) return parent[1] ?? null;
  const plain = trimmed.replace(/-/g, "");
  return /^[0-9a-f]{32}$/.test(plain) ? plain : null;
}
