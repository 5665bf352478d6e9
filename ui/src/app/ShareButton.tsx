// Copies a link to what is shown: the page with everything chosen on it, and the time as it is now.
import { Check, Link2 } from "lucide-react";
import { useStatus } from "../backend/events";
import { Button } from "../design/Button";
import { useCopy } from "../design/CopyButton";
import { useKeys } from "../design/useKeys";
import { sharedAddress } from "../routes/shared";

export function ShareButton() {
  const main = useStatus()?.receivers.find(({ name }) => name === "main")?.address;
  const [done, copy] = useCopy();
  // The window has an origin of its own, which no browser opens.
  const origin = location.protocol.startsWith("http") ? location.origin : `http://${main}`;
  const share = () => copy(sharedAddress(origin, Date.now()));
  useKeys({ s: share });
  const label = done ? "Copied" : "Copy a link to what is shown";
  return (
    <Button tone="plain" icon aria-label={label} title={`${label} (s)`} onClick={share}>
      {done ? <Check size={15} className="ok" /> : <Link2 size={15} />}
    </Button>
  );
}
