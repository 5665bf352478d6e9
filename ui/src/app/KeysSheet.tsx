// The list of keys, under `?`.
import { Modal } from "../design/Modal";

const groups: readonly { name: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    name: "Everywhere",
    keys: [
      ["Ctrl K", "find anything"],
      ["1 … 5", "go to a page"],
      ["t", "time range"],
      ["[  ]", "back and forth in time"],
      ["l", "live on or off"],
      ["f", "add a filter"],
      ["s", "copy a link to what is shown"],
      ["?", "this list"],
    ],
  },
  {
    name: "A trace",
    keys: [
      ["↑ ↓", "select a span"],
      ["← →", "close or open it"],
      ["Enter", "show its details"],
      ["c  x", "collapse or expand all"],
      ["/", "find; n and p walk the matches"],
      ["z", "zoom to the span"],
      ["+  -  0", "zoom in, out, whole trace"],
      ["Ctrl wheel", "zoom; drag selects a part"],
      ["Esc", "back out: find, panel, zoom"],
    ],
  },
  {
    name: "Queries",
    keys: [
      ["q", "write the query"],
      ["Enter", "run (Ctrl Enter too); Shift Enter begins a line"],
      ["Ctrl Space", "complete; Tab takes the first"],
      ["Ctrl ↑ ↓", "older and newer queries"],
      ["Alt Shift F", "format"],
      ["e", "explore the metric or target that is open"],
      ["Esc", "leave the editor"],
      ["/", "find a metric; Shift Enter adds it"],
    ],
  },
  {
    name: "Lists",
    keys: [
      ["↑ ↓", "select a row (j, k too)"],
      ["Enter", "open it"],
      ["/", "search text"],
      ["Space", "pause the log tail"],
    ],
  },
];

export function KeysSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Modal open={open} onOpenChange={onOpenChange} title="Keys">
      <div className="keys-sheet">
        {groups.map((group) => (
          <section key={group.name}>
            <h2>{group.name}</h2>
            <dl>
              {group.keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    <kbd className="kbd">{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
