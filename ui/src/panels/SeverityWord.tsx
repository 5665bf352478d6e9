// A severity as a word in its colour: never the colour alone.
import { bandOf, severityWord } from "../model/severity";

export function SeverityWord({ number, text }: { number: number; text: string }) {
  return (
    <span
      className="severity"
      data-band={bandOf(number)}
      title={`${text || "severity"} (${number})`}
    >
      {severityWord(number, text)}
    </span>
  );
}
