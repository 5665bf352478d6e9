// The fields a filter sentence can be made of, besides attributes.

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
  /** What is wrong with a typed value, or null. */
  check?: (text: string) => string | null;
};
