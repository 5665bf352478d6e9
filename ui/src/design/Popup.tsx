// A popover hung under a button; Base UI takes care of focus, Escape and placement.
import { Popover } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";

type PopupProps = {
  trigger: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "end";
  label: string;
  children: ReactNode;
};

export function Popup({
  trigger,
  open,
  onOpenChange,
  align = "start",
  label,
  children,
}: PopupProps) {
  return (
    <Popover.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner className="positioner" sideOffset={4} align={align}>
          <Popover.Popup className="popup" aria-label={label}>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
