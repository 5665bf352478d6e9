// The records as rows, drawn only where they show. Scrolling down or opening one pauses the tail.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useKeys } from "../../design/useKeys";
import { useParam } from "../../routes/useParam";
import { LogDetail } from "./LogDetail";
import { LogRow } from "./LogRow";
import type { LogFeed } from "./logFeed";

const ROW = 26;

export function LogList({ feed, live }: { feed: LogFeed; live: boolean }) {
  const { size, loadingOlder, paused } = feed.state();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useParam("open");
  const [chosen, setChosen] = useState(-1);
  const rows = useVirtualizer({
    count: size,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => feed.row(index)?.id ?? index,
    overscan: 16,
  });
  const items = rows.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= size - 40) feed.older();
  }, [last, size, feed]);
  useEffect(() => {
    if (open !== "" && live) feed.pause(true);
  }, [open, live, feed]);
  const onScroll = () => {
    const element = scroller.current;
    if (element && live && !paused && element.scrollTop > ROW) feed.pause(true);
  };
  // Following again goes to the newest, which is at the top.
  useEffect(() => {
    if (!paused && live) scroller.current?.scrollTo({ top: 0 });
  }, [paused, live]);
  const toggle = (id: string) => setOpen(open === id ? "" : id);
  const walk = (by: number) => {
    const next = Math.min(size - 1, Math.max(0, chosen + by));
    if (live) feed.pause(true);
    setChosen(next);
    rows.scrollToIndex(next);
  };
  useKeys({
    ArrowDown: () => walk(1),
    ArrowUp: () => walk(-1),
    j: () => walk(1),
    k: () => walk(-1),
    Enter: () => chosen >= 0 && toggle(feed.row(chosen)?.id ?? ""),
    Escape: () => (open !== "" ? setOpen("") : setChosen(-1)),
  });
  return (
    <section className="panel log-list" aria-label="Log records">
      <div className="log-row log-head" aria-hidden>
        <span>Time</span>
        <span>Severity</span>
        <span>Service</span>
        <span>Message</span>
      </div>
      <div className="log-scroll" ref={scroller} onScroll={onScroll} data-testid="log-scroll">
        <ol style={{ height: rows.getTotalSize(), position: "relative" }} aria-label="Records">
          {items.map((item) => {
            const record = feed.row(item.index);
            if (!record) return null;
            const opened = record.id === open;
            return (
              <li
                key={item.key}
                ref={rows.measureElement}
                data-index={item.index}
                className="log-item"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogRow
                  record={record}
                  opened={opened}
                  chosen={item.index === chosen}
                  onToggle={toggle}
                />
                {opened && <LogDetail record={record} />}
              </li>
            );
          })}
        </ol>
        {loadingOlder && <p className="log-older dim">Loading older records…</p>}
      </div>
    </section>
  );
}
