// Lines on top of each other: each is drawn at the sum of itself and those below.

type Column = readonly (number | null | undefined)[];

/** The first column is the times. Where a line has no value it adds nothing, and is not drawn. */
export function stacked(columns: readonly Column[]): (number | null | undefined)[][] {
  const [times = [], ...values] = columns;
  const sums = times.map(() => 0);
  return [
    [...times],
    ...values.map((column) =>
      column.map((value, i) => {
        if (value === null || value === undefined) return value;
        sums[i] = (sums[i] ?? 0) + value;
        return sums[i];
      }),
    ),
  ];
}
