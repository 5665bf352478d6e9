// Copies a text and says so for a moment.
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./Button";

async function copyText(text: string): Promise<void> {
  // The window's own scheme is not everywhere a "secure context", and then there is no clipboard object.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** Copies, and whether that was done a moment ago. */
export function useCopy(): [done: boolean, copy: (text: string) => void] {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1200);
    return () => clearTimeout(timer);
  }, [done]);
  return [done, (text) => void copyText(text).then(() => setDone(true))];
}

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [done, copy] = useCopy();
  return (
    <Button
      tone="plain"
      size="small"
      icon
      aria-label={done ? "Copied" : label}
      title={done ? "Copied" : label}
      onClick={() => copy(text)}
    >
      {done ? <Check size={13} className="ok" /> : <Copy size={13} />}
    </Button>
  );
}
