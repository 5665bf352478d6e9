// How the graph draws its lines, as the address says.
import type { Drawn } from "../../charts/TimeSeries";

export const drawnChoices: readonly Drawn[] = ["lines", "stacked", "points"];

export function readDrawn(text: string | null): Drawn {
  return drawnChoices.find((one) => one === text) ?? "lines";
}
