// One parameter of the address as state: changes show at once and are written at once,
// but for a pause between two, because browsers limit how often.
import { useEffect, useRef, useState } from "react";
import { changeParams, useAddress } from "./address";

const PAUSE_MS = 250;

export function useParam(name: string): [string, (next: string) => void] {
  const outside = useAddress().params.get(name) ?? "";
  const [mine, setMine] = useState(outside);
  const written = useRef(outside);
  const writtenAt = useRef(0);
  useEffect(() => {
    if (outside === written.current) return;
    written.current = outside;
    setMine(outside);
  }, [outside]);
  useEffect(() => {
    if (mine === written.current) return;
    const write = () => {
      written.current = mine;
      writtenAt.current = Date.now();
      changeParams({ [name]: mine || null }, "replace");
    };
    const wait = writtenAt.current + PAUSE_MS - Date.now();
    // Whoever opens a record and leaves the page at once finds it open when coming back.
    if (wait <= 0) return write();
    const timer = setTimeout(write, wait);
    return () => clearTimeout(timer);
  }, [mine, name]);
  return [mine, setMine];
}
