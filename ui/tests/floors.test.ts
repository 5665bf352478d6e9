// The house rules of ui/src, kept by a test: floors, no circles, file sizes, purpose lines, names.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../src");

/** From the top down. Folders of one row may not import each other. */
const floors = [
  ["main"],
  ["app"],
  [
    "features/home",
    "features/traces",
    "features/logs",
    "features/metrics",
    "features/explorer",
    "features/targets",
    "features/connect",
  ],
  ["panels"],
  ["charts", "editor"],
  ["backend", "routes"],
  ["model"],
  ["design", "wire"],
];
const floorOf = new Map(floors.flatMap((row, i) => row.map((room) => [room, floors.length - i])));

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

const files = filesUnder(root);
const sources = files.filter((file) => /\.tsx?$/.test(file));
const code = sources.filter((file) => !file.endsWith(".test.ts"));

function roomOf(file: string): string {
  const parts = relative(root, file).split("/");
  if (parts.length === 1) return "main";
  return parts[0] === "features" ? `features/${parts[1]}` : (parts[0] ?? "");
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g);
  return [...found].flatMap(([, target = ""]) => {
    const base = resolve(dirname(file), target);
    return [base, `${base}.ts`, `${base}.tsx`].find((path) => sources.includes(path)) ?? [];
  });
}

const graph = new Map(code.map((file) => [file, importsOf(file)]));
const short = (file: string) => relative(root, file);

describe("the house", () => {
  it("has a floor for every folder", () => {
    const rooms = new Set(code.map(roomOf));
    expect([...rooms].filter((room) => !floorOf.has(room))).toEqual([]);
  });

  it("imports only from lower floors", () => {
    const faults: string[] = [];
    for (const [file, targets] of graph) {
      for (const target of targets) {
        const [from, to] = [roomOf(file), roomOf(target)];
        if (from !== to && (floorOf.get(from) ?? 0) <= (floorOf.get(to) ?? 0)) {
          faults.push(`${short(file)} -> ${short(target)}`);
        }
      }
    }
    expect(faults).toEqual([]);
  });

  it("has no circles between files", () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: string[]) => {
      if (path.includes(file)) {
        circles.push([...path.slice(path.indexOf(file)), file].map(short).join(" -> "));
        return;
      }
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("fetches and streams only in backend, and knows Tauri in one file", () => {
    const speaks = /\bfetch\(|new EventSource\(|XMLHttpRequest/;
    const outside = code.filter(
      (file) => roomOf(file) !== "backend" && speaks.test(readFileSync(file, "utf8")),
    );
    expect(outside.map(short)).toEqual([]);
    const tauri = code.filter((file) => readFileSync(file, "utf8").includes("@tauri-apps/"));
    expect(tauri.map(short)).toEqual(["backend/tauri.ts"]);
  });

  it("keeps files small and opens each with its purpose", () => {
    const faults = sources.flatMap((file) => {
      const lines = readFileSync(file, "utf8").split("\n");
      if (short(file) === "wire/schema.ts") return []; // generated
      return [
        ...(lines.length > 401 ? [`${short(file)}: ${lines.length} lines`] : []),
        ...(lines[0]?.startsWith("// ") ? [] : [`${short(file)}: no purpose line`]),
      ];
    });
    expect(faults).toEqual([]);
  });

  it("names things after what they are", () => {
    const banned = /(Manager|Helper|Util|Common|Data|Info)/i;
    const faults = files.map(short).filter((file) => {
      const name = file.split("/").at(-1) ?? "";
      if (banned.test(name)) return true;
      if (name.endsWith(".tsx")) return name !== "main.tsx" && !/^[A-Z][A-Za-z]+\.tsx$/.test(name);
      return name.endsWith(".ts") && !/^[a-z][A-Za-z]+(\.test)?\.ts$/.test(name);
    });
    expect(faults).toEqual([]);
  });
});
