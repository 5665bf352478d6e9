// The wire types by their names, as the UI uses them. The shapes are made from the routes of the API: schema.ts is
// generated from openapi.json (`cargo xtask openapi`), and this file only names what is in it.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Nanos = Schemas["Nanos"];
export type AnyValue = Schemas["AnyValue"];
export type KeyValue = Schemas["KeyValue"];
export type Resource = Schemas["Resource"];
export type Scope = Schemas["Scope"];
export type Status = Schemas["Status"];
export type Configuration = Schemas["Configuration"];
export type Cardinality = Schemas["Cardinality"];
export type LabelCost = Schemas["LabelCost"];
export type LabelCosts = Schemas["LabelCosts"];
export type Receiver = Schemas["Receiver"];
export type StoreStatus = Schemas["StoreStatus"];
export type Services = Schemas["Services"];
export type Service = Schemas["Service"];
export type Operations = Schemas["Operations"];
export type AttributeKeys = Schemas["AttributeKeys"];
export type AttributeValues = Schemas["AttributeValues"];
export type TraceList = Schemas["TraceList"];
export type TraceSummary = Schemas["TraceSummary"];
export type Trace = Schemas["Trace"];
export type Found = Schemas["Found"];
export type SpanDetail = Schemas["SpanDetail"];
export type Logs = Schemas["Logs"];
export type LogRecord = Schemas["LogRecord"];
export type LogVolume = Schemas["LogVolume"];
export type Metrics = Schemas["Metrics"];
export type Metric = Schemas["Metric"];
export type MetricSeries = Schemas["MetricSeries"];
export type Series = Schemas["Series"];
export type ExponentialBuckets = Schemas["ExponentialBuckets"];
export type Arrival = Schemas["Arrival"];
export type Mistake = Schemas["Mistake"];
export type Mistakes = Schemas["Mistakes"];
export type Run = Schemas["Run"];
export type Runs = Schemas["Runs"];
