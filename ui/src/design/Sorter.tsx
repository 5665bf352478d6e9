// A column heading that sorts: says which way, both to the eye and to a screen reader.
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";

export type Order = "ascending" | "descending";

type SorterProps = {
  order: Order | undefined;
  onSort: () => void;
  className?: string;
  title?: string;
  children: ReactNode;
};

export function Sorter({ order, onSort, className, title, children }: SorterProps) {
  return (
    <th className={className} aria-sort={order ?? "none"} title={title}>
      <SortButton order={order} onSort={onSort}>
        {children}
      </SortButton>
    </th>
  );
}

export function SortButton({ order, onSort, children }: Omit<SorterProps, "className" | "title">) {
  return (
    <button type="button" className="sorter" data-on={order !== undefined} onClick={onSort}>
      {children}
      {order === "descending" && <ArrowDown size={11} aria-hidden />}
      {order === "ascending" && <ArrowUp size={11} aria-hidden />}
    </button>
  );
}
