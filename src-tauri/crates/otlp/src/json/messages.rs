//! The tables of attributes, senders, spans and log records.

use super::shape::Kind::{
    Bool, Bytes, Double, Enum, Fixed32, Fixed64, Id, Int64, Message, Text, Uint32,
};
use super::shape::{Kind, Shape, many, one, shapes};

const SPAN_KIND: Kind =
    Enum("SPAN_KIND_", &["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]);
const STATUS_CODE: Kind = Enum("STATUS_CODE_", &["UNSET", "OK", "ERROR"]);
const SEVERITY: Kind = Enum(
    "SEVERITY_NUMBER_",
    &[
        "UNSPECIFIED",
        "TRACE",
        "TRACE2",
        "TRACE3",
        "TRACE4",
        "DEBUG",
        "DEBUG2",
        "DEBUG3",
        "DEBUG4",
        "INFO",
        "INFO2",
        "INFO3",
        "INFO4",
        "WARN",
        "WARN2",
        "WARN3",
        "WARN4",
        "ERROR",
        "ERROR2",
        "ERROR3",
        "ERROR4",
        "FATAL",
        "FATAL2",
        "FATAL3",
        "FATAL4",
    ],
);

shapes! {
    TRACES = "ExportTraceServiceRequest" {
        many 1 "resource_spans" Message(&RESOURCE_SPANS);
    }
    LOGS = "ExportLogsServiceRequest" {
        many 1 "resource_logs" Message(&RESOURCE_LOGS);
    }
    ANY_VALUE = "AnyValue" {
        one 1 "string_value" Text;
        one 2 "bool_value" Bool;
        one 3 "int_value" Int64;
        one 4 "double_value" Double;
        one 5 "array_value" Message(&ARRAY_VALUE);
        one 6 "kvlist_value" Message(&KVLIST_VALUE);
        one 7 "bytes_value" Bytes;
    }
    ARRAY_VALUE = "ArrayValue" {
        many 1 "values" Message(&ANY_VALUE);
    }
    KVLIST_VALUE = "KeyValueList" {
        many 1 "values" Message(&KEY_VALUE);
    }
    KEY_VALUE = "KeyValue" {
        one 1 "key" Text;
        one 2 "value" Message(&ANY_VALUE);
    }
    RESOURCE = "Resource" {
        many 1 "attributes" Message(&KEY_VALUE);
        one 2 "dropped_attributes_count" Uint32;
    }
    SCOPE = "InstrumentationScope" {
        one 1 "name" Text;
        one 2 "version" Text;
        many 3 "attributes" Message(&KEY_VALUE);
        one 4 "dropped_attributes_count" Uint32;
    }
    RESOURCE_SPANS = "ResourceSpans" {
        one 1 "resource" Message(&RESOURCE);
        many 2 "scope_spans" Message(&SCOPE_SPANS);
        one 3 "schema_url" Text;
    }
    SCOPE_SPANS = "ScopeSpans" {
        one 1 "scope" Message(&SCOPE);
        many 2 "spans" Message(&SPAN);
        one 3 "schema_url" Text;
    }
    SPAN = "Span" {
        one 1 "trace_id" Id;
        one 2 "span_id" Id;
        one 3 "trace_state" Text;
        one 4 "parent_span_id" Id;
        one 5 "name" Text;
        one 6 "kind" SPAN_KIND;
        one 7 "start_time_unix_nano" Fixed64;
        one 8 "end_time_unix_nano" Fixed64;
        many 9 "attributes" Message(&KEY_VALUE);
        one 10 "dropped_attributes_count" Uint32;
        many 11 "events" Message(&EVENT);
        one 12 "dropped_events_count" Uint32;
        many 13 "links" Message(&LINK);
        one 14 "dropped_links_count" Uint32;
        one 15 "status" Message(&STATUS);
        one 16 "flags" Fixed32;
    }
    EVENT = "Event" {
        one 1 "time_unix_nano" Fixed64;
        one 2 "name" Text;
        many 3 "attributes" Message(&KEY_VALUE);
        one 4 "dropped_attributes_count" Uint32;
    }
    LINK = "Link" {
        one 1 "trace_id" Id;
        one 2 "span_id" Id;
        one 3 "trace_state" Text;
        many 4 "attributes" Message(&KEY_VALUE);
        one 5 "dropped_attributes_count" Uint32;
        one 6 "flags" Fixed32;
    }
    STATUS = "Status" {
        one 2 "message" Text;
        one 3 "code" STATUS_CODE;
    }
    RESOURCE_LOGS = "ResourceLogs" {
        one 1 "resource" Message(&RESOURCE);
        many 2 "scope_logs" Message(&SCOPE_LOGS);
        one 3 "schema_url" Text;
    }
    SCOPE_LOGS = "ScopeLogs" {
        one 1 "scope" Message(&SCOPE);
        many 2 "log_records" Message(&LOG_RECORD);
        one 3 "schema_url" Text;
    }
    LOG_RECORD = "LogRecord" {
        one 1 "time_unix_nano" Fixed64;
        one 2 "severity_number" SEVERITY;
        one 3 "severity_text" Text;
        one 5 "body" Message(&ANY_VALUE);
        many 6 "attributes" Message(&KEY_VALUE);
        one 7 "dropped_attributes_count" Uint32;
        one 8 "flags" Fixed32;
        one 9 "trace_id" Id;
        one 10 "span_id" Id;
        one 11 "observed_time_unix_nano" Fixed64;
        one 12 "event_name" Text;
    }
}
