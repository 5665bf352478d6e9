// A real link (middle click and copy address work) that changes the address without loading the page anew.
import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from "react";
import { currentAddress, navigate, useAddress } from "./address";
import { hrefOf, type Target } from "./links";

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & {
  to: Target;
  children: ReactNode;
};

export function Link({ to, children, onClick, ...rest }: LinkProps) {
  const { params } = useAddress();
  const href = hrefOf(to, params);
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    navigate(href);
  };
  return (
    <a {...rest} href={href} onClick={go}>
      {children}
    </a>
  );
}

export function goTo(to: Target, how: "push" | "replace" = "push"): void {
  navigate(hrefOf(to, currentAddress().params), how);
}
