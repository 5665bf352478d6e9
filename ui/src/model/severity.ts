// OTLP's 24 severity numbers in six bands, with the words people use.

export const severities = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Severity = (typeof severities)[number];
export type Band = Severity | "unspecified";
export const bands: readonly Band[] = ["unspecified", ...severities];

export function isSeverity(text: string): text is Severity {
  return (severities as readonly string[]).includes(text);
}

export function bandOf(severityNumber: number): Band {
  if (severityNumber < 1 || severityNumber > 24) return "unspecified";
  return severities[Math.floor((severityNumber - 1) / 4)] ?? "unspecified";
}

/** The word in a row: the sender's own text if it is short, else the band's. */
export function severityWord(severityNumber: number, severityText: string): string {
  if (severityText !== "" && severityText.length <= 8) return severityText.toUpperCase();
  const band = bandOf(severityNumber);
  return band === "unspecified" ? "–" : band.toUpperCase();
}
