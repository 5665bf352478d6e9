// Dark, light, system: one button, three positions.
import { Monitor, Moon, Sun } from "lucide-react";
import { Button } from "../design/Button";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "../design/theme";

const next: Record<ThemeChoice, ThemeChoice> = { dark: "light", light: "system", system: "dark" };
const icons = { dark: Moon, light: Sun, system: Monitor };

export function ThemeButton() {
  const choice = useThemeChoice();
  const Icon = icons[choice];
  const label = `Theme: ${choice}. Switch to ${next[choice]}`;
  return (
    <Button
      tone="plain"
      icon
      aria-label={label}
      title={label}
      onClick={() => chooseTheme(next[choice])}
    >
      <Icon size={15} />
    </Button>
  );
}
