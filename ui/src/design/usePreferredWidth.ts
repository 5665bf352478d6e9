// A width someone dragged, remembered between visits.
import { useState } from "react";
import { readPreference, writePreference } from "./preference";

export function usePreferredWidth(name: string, first: number): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => Number(readPreference(name)) || first);
  return [
    width,
    (next) => {
      setWidth(next);
      writePreference(name, String(next));
    },
  ];
}
