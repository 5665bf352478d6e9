// A field with a list under it: type to narrow, arrows and Enter to pick. The palette and the filters are made of it.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import "./pickList.css";

export type PickItem = { id: string; label: ReactNode; note?: ReactNode; group?: string };

type PickListProps = {
  items: readonly PickItem[];
  text: string;
  onText: (text: string) => void;
  onPick: (id: string) => void;
  /** Enter on a text that matches nothing in the list (or where nothing is highlighted). */
  onFree?: (text: string) => void;
  placeholder: string;
  label: string;
  empty?: ReactNode;
  onBack?: () => void;
  children?: ReactNode;
};

export function PickList(props: PickListProps) {
  const { items, text, onText, onPick, onFree, placeholder, label, empty, onBack, children } =
    props;
  const [chosen, setActive] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  // With free text allowed nothing is highlighted until an arrow says so: Enter takes what was typed.
  const active = Math.min(items.length - 1, chosen < 0 && !(onFree && text !== "") ? 0 : chosen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text starts at the top
  useEffect(() => setActive(-1), [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the highlighted row is found in the DOM
  useEffect(() => {
    list.current?.querySelector('[data-active="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown") setActive(Math.min(items.length - 1, active + 1));
    else if (event.key === "ArrowUp") setActive(Math.max(0, active - 1));
    else if (event.key === "Backspace" && text === "" && onBack) onBack();
    else if (event.key === "Enter") {
      const item = items[active];
      if (item) onPick(item.id);
      else if (onFree && text.trim() !== "") onFree(text.trim());
    } else return;
    event.preventDefault();
  };
  return (
    <div className="pick">
      <input
        className="pick-field"
        // biome-ignore lint/a11y/noAutofocus: the list opens because someone asked to type
        autoFocus
        value={text}
        placeholder={placeholder}
        aria-label={label}
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        spellCheck={false}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {children}
      <div className="pick-list" role="listbox" id={id} ref={list} aria-label={label}>
        {items.map((item, i) => (
          <PickRow
            key={item.id}
            item={item}
            id={`${id}-${i}`}
            active={i === active}
            head={item.group !== undefined && item.group !== items[i - 1]?.group}
            onPick={() => onPick(item.id)}
          />
        ))}
        {items.length === 0 && empty !== undefined && <div className="pick-empty">{empty}</div>}
      </div>
    </div>
  );
}

type PickRowProps = {
  item: PickItem;
  id: string;
  active: boolean;
  head: boolean;
  onPick: () => void;
};

function PickRow({ item, id, active, head, onPick }: PickRowProps) {
  return (
    <>
      {head && (
        <div className="pick-group" role="presentation">
          {item.group}
        </div>
      )}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={active}
        data-active={active}
        className="menu-item"
        onPointerDown={(event) => event.preventDefault()}
        onClick={onPick}
        onKeyDown={(event) => event.key === "Enter" && onPick()}
      >
        <span className="cut pick-label">{item.label}</span>
        {item.note !== undefined && <span className="dim num">{item.note}</span>}
      </div>
    </>
  );
}
