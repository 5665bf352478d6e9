// The one door to local storage: small per-viewer choices (theme, column widths), never view state.

export function readPreference(name: string): string | null {
  try {
    return window.localStorage.getItem(`watchglass.${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    window.localStorage.setItem(`watchglass.${name}`, value);
  } catch {
    // A browser that forbids storage only loses the memory of a choice.
  }
}
