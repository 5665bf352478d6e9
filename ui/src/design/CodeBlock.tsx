// Lines to paste, with a copy button.
import { CopyButton } from "./CopyButton";

export function CodeBlock({ text, label }: { text: string; label?: string }) {
  return (
    <div className="code-wrap">
      <pre className="code">{text}</pre>
      <CopyButton text={text} label={label ? `Copy ${label}` : "Copy"} />
    </div>
  );
}
