// Attributes as key and value, each with what one does next: filter by it, exclude it, copy it.
import { Equal, EqualNot } from "lucide-react";
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
  if (sorted.length === 0 && dropped === 0) return <p className="dim attributes-none">none</p>;
  return (
    <dl className="attributes">
      {sorted.map(({ key, value }) => {
        const text = toText(value);
        return (
          <div className="attribute" key={key}>
            <dt className="mono cut" title={key}>
              {key}
            </dt>
            <dd className="mono" data-kind={Object.keys(value)[0]}>
              {text === "" ? <span className="dim">empty</span> : text}
            </dd>
            <div className="attribute-actions">
              {searchFor && (
                <>
                  <Link
                    to={searchFor(attributeFilter(key, text))}
                    className="button"
                    data-tone="plain"
                    data-size="small"
                    data-icon=""
                    title={`Filter by ${key} = ${text}`}
                    aria-label={`Filter by ${key}`}
                  >
                    <Equal size={13} aria-hidden />
                  </Link>
                  <Link
                    to={searchFor(attributeFilter(key, text, "!="))}
                    className="button"
                    data-tone="plain"
                    data-size="small"
                    data-icon=""
                    title={`Exclude ${key} = ${text}`}
                    aria-label={`Exclude ${key}`}
                  >
                    <EqualNot size={13} aria-hidden />
                  </Link>
                </>
              )}
              <CopyButton text={text} label={`Copy ${key}`} />
            </div>
          </div>
        );
      })}
      {dropped > 0 && (
        <p className="warn attributes-none">{dropped} more were dropped by the sender's SDK</p>
      )}
    </dl>
  );
}
