// OTLP values as text and as JSON, and the filter syntax for attributes: k=v, k!=v, k~part, k.
import type { AnyValue, KeyValue } from "../wire/api";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export function toJson(value: AnyValue): Json {
  if ("stringValue" in value) return value.stringValue;
  if ("boolValue" in value) return value.boolValue;
  if ("intValue" in value) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : value.intValue;
  }
  if ("doubleValue" in value) return value.doubleValue;
  if ("bytesValue" in value) return value.bytesValue;
  if ("arrayValue" in value) return (value.arrayValue.values ?? []).map(toJson);
  if ("kvlistValue" in value) return toObject(value.kvlistValue.values ?? []);
  return null;
}

export function toObject(attributes: readonly KeyValue[]): { [key: string]: Json } {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, toJson(value)]));
}

/** One line: strings bare, everything else as JSON. */
export function toText(value: AnyValue): string {
  const json = toJson(value);
  if (typeof json === "string") return json;
  return json === null ? "" : JSON.stringify(json);
}

export function findAttribute(attributes: readonly KeyValue[], key: string): string {
  const found = attributes.find((attribute) => attribute.key === key);
  return found ? toText(found.value) : "";
}

export type Operator = "=" | "!=" | "~" | "exists";
export type AttributeFilter = { key: string; operator: Operator; value: string };

export function printFilter({ key, operator, value }: AttributeFilter): string {
  return operator === "exists" ? key : `${key}${operator}${value}`;
}

/** Keys hold no `=`, `!` or `~`, so the first of these ends the key. */
export function parseFilter(text: string): AttributeFilter | null {
  const found = /^([^=!~]+?)\s*(!=|=|~)\s*([\s\S]*)$/.exec(text.trim());
  if (found) {
    return { key: found[1] ?? "", operator: (found[2] ?? "=") as Operator, value: found[3] ?? "" };
  }
  const key = text.trim();
  return key !== "" && !/[=!~]/.test(key) ? { key, operator: "exists", value: "" } : null;
}

const operatorWords: Record<Operator, string> = {
  "=": "is",
  "!=": "is not",
  "~": "contains",
  exists: "exists",
};

export function operatorWord(operator: Operator): string {
  return operatorWords[operator];
}
