// What a filter sentence can be made of: fields of the page, and attributes with where their completion comes from.
import type { Signal } from "../backend/attributes";

export type FilterField = {
  id: string;
  label: string;
  /** What stands between field and value: `service is order`. */
  verb: string;
  /** Shown in the value field. */
  hint: string;
  /** Offered values; free text is taken too unless `closed`. */
  options?: readonly { value: string; note?: string }[];
  closed?: boolean;
  /** How a value reads in the sentence, where that differs from how it is kept. */
  show?: (value: string) => string;
  /** What is wrong with a typed value, or null. */
  check?: (text: string) => string | null;
};

/** Attributes are completed from the store (a signal) or from what the page holds already (labels). */
export type Completion =
  | { kind: "stored"; signal: Signal }
  | { kind: "held"; keys: readonly string[]; valuesOf: (key: string) => readonly string[] };
