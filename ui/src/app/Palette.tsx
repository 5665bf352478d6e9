// Ctrl-K: pages, services, actions, and a pasted trace id.
import { useEffect, useState } from "react";
import { useServices } from "../backend/services";
import { Modal } from "../design/Modal";
import { type PickItem, PickList } from "../design/PickList";
import { chooseTheme } from "../design/theme";
import { asTraceId, shortId } from "../model/ids";
import { parseRelative, relativeChoices } from "../model/range";
import { ServiceDot } from "../panels/ServiceName";
import { goTo } from "../routes/Link";
import { toLogs, toMetrics, toTrace, toTraces } from "../routes/links";
import { setTimeRange, toggleLive, useTimeRange } from "../routes/useTimeRange";
import { pages } from "./pages";

type PaletteProps = { open: boolean; onOpenChange: (open: boolean) => void; onKeys: () => void };

type Command = PickItem & { words: string; run: () => void };

export function Palette({ open, onOpenChange, onKeys }: PaletteProps) {
  return (
    <Modal open={open} onOpenChange={onOpenChange} title="Find anything">
      {open && <PaletteBody onDone={() => onOpenChange(false)} onKeys={onKeys} />}
    </Modal>
  );
}

function PaletteBody({ onDone, onKeys }: { onDone: () => void; onKeys: () => void }) {
  const [text, setText] = useState("");
  const services = useServices(useTimeRange(), false);
  const names = (services.data?.services ?? []).map(({ name }) => name);
  const commands = [...pageCommands(), ...serviceCommands(names), ...actionCommands(onKeys)];
  const found = matching(commands, text);
  const trace = asTraceId(text);
  const items: Command[] = trace
    ? [
        {
          id: "trace",
          label: `Open trace ${shortId(trace)}…`,
          group: "Trace",
          words: "",
          run: () => goTo(toTrace(trace)),
        },
      ]
    : text.trim().length > 1
      ? [...found, ...searchCommands(text.trim())]
      : found;
  useEffect(() => setText(""), []);
  return (
    <PickList
      items={items}
      text={text}
      onText={setText}
      label="Find anything"
      placeholder="A page, a service, an action, or a trace id"
      empty="Nothing by that name."
      onPick={(id) => {
        onDone();
        items.find((item) => item.id === id)?.run();
      }}
    />
  );
}

function matching(commands: readonly Command[], text: string): Command[] {
  const parts = text.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ words }) => parts.every((part) => words.toLowerCase().includes(part)));
}

function pageCommands(): Command[] {
  return pages.map((page) => ({
    id: `page:${page.name}`,
    label: page.name,
    note: <kbd className="kbd">{page.key}</kbd>,
    group: "Pages",
    words: page.name,
    run: () => goTo(page.to()),
  }));
}

function serviceCommands(names: readonly string[]): Command[] {
  return names.flatMap((name) => [
    serviceCommand(name, "traces", () => goTo(toTraces({ service: name }))),
    serviceCommand(name, "logs", () => goTo(toLogs({ service: name }))),
    serviceCommand(name, "failed traces", () => goTo(toTraces({ service: name, status: "error" }))),
  ]);
}

function serviceCommand(name: string, what: string, run: () => void): Command {
  return {
    id: `service:${name}:${what}`,
    label: (
      <>
        <ServiceDot name={name} /> {name} <span className="dim">{what}</span>
      </>
    ),
    group: "Services",
    words: `${name} ${what}`,
    run,
  };
}

function actionCommands(onKeys: () => void): Command[] {
  const action = (label: string, run: () => void, key = ""): Command => ({
    id: `action:${label}`,
    label,
    note: key === "" ? undefined : <kbd className="kbd">{key}</kbd>,
    group: "Actions",
    words: label,
    run,
  });
  return [
    action("Live on or off", toggleLive, "l"),
    ...relativeChoices.map((text) =>
      action(`Show the last ${text}`, () => {
        const range = parseRelative(text);
        if (range) setTimeRange(range);
      }),
    ),
    action("Dark theme", () => chooseTheme("dark")),
    action("Light theme", () => chooseTheme("light")),
    action("Theme of the system", () => chooseTheme("system")),
    action("Show the keys", onKeys, "?"),
  ];
}

function searchCommands(text: string): Command[] {
  const search = (label: string, run: () => void): Command => ({
    id: `search:${label}`,
    label: (
      <>
        {label} <strong>{text}</strong>
      </>
    ),
    group: "Search",
    words: "",
    run,
  });
  return [
    search("Logs containing", () => goTo(toLogs({ text }))),
    search("Traces with operation", () => goTo(toTraces({ operation: text }))),
    search("Metrics named", () => goTo(toMetrics(text))),
  ];
}
