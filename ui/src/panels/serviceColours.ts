// The colours of the services seen so far. A service keeps its colour on every page; the viewer's storage keeps it
// across reloads.
import { readPreference, writePreference } from "../design/preference";
import type { Theme } from "../design/theme";
import { placed, type Slot, slotColour, slotCount, slotOf } from "../model/colours";

const PREFERENCE = "services.colours";

let places = read();

/** What was kept, as far as it is sound. Once every place is taken, the next start begins anew. */
function read(): Map<string, number> {
  try {
    const kept: unknown = JSON.parse(readPreference(PREFERENCE) ?? "[]");
    const valid = Array.isArray(kept) ? kept.filter(isPlace) : [];
    return new Map(valid.length < slotCount ? valid : []);
  } catch {
    return new Map();
  }
}

function isPlace(entry: unknown): entry is [string, number] {
  if (!Array.isArray(entry)) return false;
  const [name, place] = entry;
  return typeof name === "string" && Number.isInteger(place) && place >= 0 && place < slotCount;
}

function placeOf(name: string): number {
  const known = places.get(name);
  if (known !== undefined) return known;
  const next = placed(places, [name]);
  // Shared places need no memory: they follow from the name.
  if (places.size < slotCount) {
    places = next;
    writePreference(PREFERENCE, JSON.stringify([...places]));
  }
  return next.get(name) ?? 0;
}

/** Makes services known together, so that who gets a contested colour does not hang on the order of drawing. */
export function knowServices(names: readonly string[]): void {
  for (const name of [...names].sort()) placeOf(name);
}

export function serviceSlot(name: string): Slot {
  return slotOf(placeOf(name));
}

export function serviceColour(name: string, theme: Theme): string {
  return slotColour(placeOf(name), theme);
}
