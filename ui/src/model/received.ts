// Which received OpenTelemetry metric stands behind a name of Prometheus's: `shop.orders` behind `shop_orders_total`.

/** What names get behind them on the way: units and kinds. */
const suffixes = new Set(
  (
    "total ratio percent per seconds milliseconds microseconds nanoseconds minutes hours days bytes " +
    "kilobytes megabytes gigabytes kibibytes mebibytes gibibytes bucket sum count second minute hour day"
  ).split(" "),
);

function wordsOf(name: string): string[] {
  return name.split(/[^a-zA-Z0-9:]+/).filter(Boolean);
}

/** The received name with the most words in common; null where none fits. */
export function receivedName(name: string, received: readonly string[]): string | null {
  const words = wordsOf(name);
  const fits = received.filter((raw) => {
    // `total` and `ratio` move to the end, wherever they stood.
    const mine = wordsOf(raw).filter((word) => word !== "total" && word !== "ratio");
    const rest = words.slice(mine.length);
    return (
      mine.length > 0 &&
      mine.every((word, i) => word === words[i]) &&
      rest.every((word) => suffixes.has(word))
    );
  });
  return fits.sort((a, b) => b.length - a.length)[0] ?? null;
}
