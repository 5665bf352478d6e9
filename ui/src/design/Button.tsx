// A button in the house's clothes: default, primary (one a page) or plain.
import type { ButtonHTMLAttributes, ReactNode } from "react";

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  tone?: "default" | "primary" | "plain";
  size?: "small";
  icon?: boolean;
  children: ReactNode;
};

export function Button({ tone = "default", size, icon, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button ${rest.className ?? ""}`}
      data-tone={tone}
      data-size={size}
      data-icon={icon ? "" : undefined}
    >
      {children}
    </button>
  );
}
