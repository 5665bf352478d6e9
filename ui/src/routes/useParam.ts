// One parameter of the address as state: changes show at once, and are written after a pause, because browsers limit how often.
import { useEffect, useRef, useState } from "react";
import { changeParams, useAddress } from "./address";

const PAUSE_MS = 250;

export function useParam(name: string): [string, (next: string) => void] {
  const outside = useAddress().params.get(name) ?? "";
  const [mine, setMine] = useState(outside);
  const written = useRef(outside);
  useEffect(() => {
    if (outside === written.current) return;
    written.current = outside;
    setMine(outside);
  }, [outside]);
  useEffect(() => {
    if (mine === written.current) return;
    const timer = setTimeout(() => {
      written.current = mine;
      changeParams({ [name]: mine || null }, "replace");
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [mine, name]);
  return [mine, setMine];
}
