// The links of a span to spans of this or other traces.
import { shortId } from "../../model/ids";
import { AttributeList } from "../../panels/AttributeList";
import { Link } from "../../routes/Link";
import { toTrace } from "../../routes/links";
import type { SpanDetail } from "../../wire/api";

export function SpanLinks({ full }: { full: SpanDetail }) {
  if (full.links.length === 0) return <p className="side-note dim">This span has no links.</p>;
  return (
    <ol>
      {full.links.map((link, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: links have no identity but their place
        <li key={i} className="side-item">
          <p className="side-line">
            <Link
              to={toTrace(link.trace_id, link.span_id)}
              className="link mono"
              title={`${link.trace_id} ${link.span_id}`}
            >
              trace {shortId(link.trace_id)} span {shortId(link.span_id)}
            </Link>
            {link.trace_id === full.trace_id && <span className="dim">this trace</span>}
          </p>
          <AttributeList attributes={link.attributes} dropped={link.dropped_attributes_count} />
        </li>
      ))}
      {full.dropped_links_count > 0 && (
        <li className="side-note warn">
          {full.dropped_links_count} more were dropped by the sender's SDK
        </li>
      )}
    </ol>
  );
}
