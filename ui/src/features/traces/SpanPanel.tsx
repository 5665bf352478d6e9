// One span in full: figures, attributes, events, links, resource, scope, logs.
import { CornerLeftUp } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type OpenTrace, useSpan } from "../../backend/traces";
import { Button } from "../../design/Button";
import { CopyButton } from "../../design/CopyButton";
import type { AttributeFilter } from "../../model/attributes";
import { shortId } from "../../model/ids";
import { kindWord, statusWord } from "../../model/spanKind";
import { at, ERROR, nameOf, ORPHAN, serviceOf } from "../../model/spanTree";
import { duration, exact, percent } from "../../model/units";
import { AttributeList } from "../../panels/AttributeList";
import { ServiceName } from "../../panels/ServiceName";
import { Answered } from "../../panels/States";
import { type Target, toTraces } from "../../routes/links";
import type { SpanDetail } from "../../wire/api";
import { SpanEvents } from "./SpanEvents";
import { SpanLinks } from "./SpanLinks";
import { TraceLogs } from "./TraceLogs";

type SpanPanelProps = {
  trace: OpenTrace;
  span: number;
  close: ReactNode;
  onSelect: (span: number) => void;
};

export function SpanPanel({ trace, span, close, onSelect }: SpanPanelProps) {
  const { tree } = trace;
  const spanId = tree.ids[span] ?? "";
  const detail = useSpan(trace.trace_id, spanId);
  const bad = at(tree.status, span) === ERROR;
  const parent = at(tree.parent, span);
  const whole = Math.max(1, trace.duration);
  return (
    <>
      <div className="side-head">
        <h2 className={`cut ${bad ? "bad" : ""}`} title={nameOf(tree, span)}>
          {nameOf(tree, span) || "(unnamed)"}
        </h2>
        <span className="spacer" />
        {parent >= 0 && (
          <Button
            tone="plain"
            size="small"
            icon
            aria-label="Go to the parent"
            title={`Parent: ${nameOf(tree, parent)}`}
            onClick={() => onSelect(parent)}
          >
            <CornerLeftUp size={14} />
          </Button>
        )}
        {close}
      </div>
      <div className="span-facts">
        <ServiceName
          name={serviceOf(tree, span)}
          to={toTraces({ service: serviceOf(tree, span), operation: nameOf(tree, span) })}
        />
        <span>{kindWord(at(tree.kind, span))}</span>
        <span className={bad ? "bad" : "ink2"}>status {statusWord(at(tree.status, span))}</span>
        <span className="mono dim" title={spanId}>
          {shortId(spanId)}
          <CopyButton text={spanId} label="Copy the span id" />
        </span>
        {(at(tree.flags, span) & ORPHAN) !== 0 && (
          <span className="warn">its parent never arrived</span>
        )}
      </div>
      <dl className="span-figures">
        <Figure
          name="Duration"
          value={duration(at(tree.duration, span))}
          title={`${exact(at(tree.duration, span))} ns`}
        />
        <Figure
          name="Self"
          value={duration(at(tree.selfTime, span))}
          title={`${exact(at(tree.selfTime, span))} ns`}
        />
        <Figure
          name="Of the trace"
          value={percent(at(tree.selfTime, span) / whole)}
          title="Self time as a share of the trace"
        />
        <Figure
          name="Starts at"
          value={at(tree.start, span) === 0 ? "0" : duration(at(tree.start, span))}
          title="After the start of the trace"
        />
      </dl>
      <Answered state={detail} what="span">
        {(full) => (
          <div className="span-sections" data-old={detail.isPlaceholderData}>
            <SpanSections full={full} trace={trace} logs={at(tree.logs, span)} />
          </div>
        )}
      </Answered>
    </>
  );
}

function Figure({ name, value, title }: { name: string; value: string; title: string }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

type SectionsProps = { full: SpanDetail; trace: OpenTrace; logs: number };

function SpanSections({ full, trace, logs }: SectionsProps) {
  const [tab, setTab] = useState("attributes");
  const tabs = [
    { id: "attributes", label: "Attributes", count: full.attributes.length },
    { id: "events", label: "Events", count: full.events.length },
    { id: "links", label: "Links", count: full.links.length },
    { id: "logs", label: "Logs", count: logs },
  ];
  const searchFor = (filter: AttributeFilter) => toTraces({ attributes: [filter] });
  return (
    <>
      {full.status.message !== "" && (
        <p className="note span-message" data-tone="bad">
          {full.status.message}
        </p>
      )}
      <div className="tabs side-tabs" role="tablist" aria-label="Parts of the span">
        {tabs.map(({ id, label, count }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={tab === id}
            className="tab"
            onClick={() => setTab(id)}
          >
            {label} {count > 0 && <span className="dim">{count}</span>}
          </button>
        ))}
      </div>
      <div className="side-scroll" role="tabpanel" aria-label={tab}>
        {tab === "attributes" && (
          <>
            {full.attributes.length === 0 && (
              <p className="side-note dim">This span has no attributes.</p>
            )}
            <AttributeList
              attributes={full.attributes}
              dropped={full.dropped_attributes_count}
              searchFor={searchFor}
            />
            {full.trace_state !== "" && (
              <p className="side-note mono">tracestate {full.trace_state}</p>
            )}
            <Origin full={full} searchFor={searchFor} />
          </>
        )}
        {tab === "events" && <SpanEvents full={full} searchFor={searchFor} />}
        {tab === "links" && <SpanLinks full={full} />}
        {tab === "logs" && (
          <TraceLogs traceId={full.trace_id} spanId={full.span_id} trace={trace} />
        )}
      </div>
    </>
  );
}

type OriginProps = { full: SpanDetail; searchFor: (filter: AttributeFilter) => Target };

/** Where the span comes from, under what it says itself: one looks for a key in both. */
function Origin({ full: { resource, scope }, searchFor }: OriginProps) {
  return (
    <>
      <h3 className="side-title">Resource</h3>
      <AttributeList
        attributes={resource.attributes}
        dropped={resource.dropped_attributes_count}
        searchFor={searchFor}
      />
      {(scope.name !== "" || scope.attributes.length > 0) && (
        <h3 className="side-title">
          Scope <span className="mono">{scope.name}</span> {scope.version}
        </h3>
      )}
      <AttributeList
        attributes={scope.attributes}
        dropped={scope.dropped_attributes_count}
        searchFor={searchFor}
      />
    </>
  );
}
