// Attributes as key and value, each with what one does next: filter by it, exclude it, copy it.
import { Equal, EqualNot } from "lucide-react";
import type { ReactNode } from "react";
import { CopyButton } from "../design/CopyButton";
import { type AttributeFilter, toText } from "../model/attributes";
import { Link } from "../routes/Link";
import { attributeFilter, type Target } from "../routes/links";
import type { KeyValue } from "../wire/api";
import "./attributeList.css";

type AttributeListProps = {
  attributes: readonly KeyValue[];
  dropped?: number;
  /** Where filtering by an attribute leads; absent where the search does not look. */
  searchFor?: (filter: AttributeFilter) => Target;
};

export function AttributeList({ attributes, dropped = 0, searchFor }: AttributeListProps) {
  const sorted = [...attributes].sort((a, b) => (a.key < b.key ? -1 : 1));
  return (
    <>
      <dl className="attributes">
        {sorted.map(({ key, value }) => {
          const text = toText(value);
          return (
            <div className="attribute" key={key}>
              <dt className="mono cut" title={key}>
                {key}
              </dt>
              <dd className="mono">
                {text === "" ? <span className="dim">empty</span> : text}
                <Actions name={key} text={text} searchFor={searchFor} />
              </dd>
            </div>
          );
        })}
      </dl>
      {dropped > 0 && (
        <p className="warn attributes-dropped">{dropped} more were dropped by the sender's SDK</p>
      )}
    </>
  );
}

type ActionsProps = Pick<AttributeListProps, "searchFor"> & { name: string; text: string };

function Actions({ name, text, searchFor }: ActionsProps) {
  return (
    <span className="attribute-actions">
      {searchFor && (
        <>
          <Search to={searchFor(attributeFilter(name, text))} verb="Filter by" name={name}>
            <Equal size={13} aria-hidden />
          </Search>
          <Search to={searchFor(attributeFilter(name, text, "!="))} verb="Exclude" name={name}>
            <EqualNot size={13} aria-hidden />
          </Search>
        </>
      )}
      <CopyButton text={text} label={`Copy ${name}`} />
    </span>
  );
}

type SearchProps = { to: Target; verb: string; name: string; children: ReactNode };

function Search({ to, verb, name, children }: SearchProps) {
  const label = `${verb} ${name}`;
  return (
    <Link
      to={to}
      className="button"
      data-tone="plain"
      data-size="small"
      data-icon=""
      title={label}
      aria-label={label}
    >
      {children}
    </Link>
  );
}
