//! The tables of metrics and their points.

use super::messages::{KEY_VALUE, RESOURCE, SCOPE};
use super::shape::Kind::{
    Bool, Double, Enum, Fixed64, Id, Message, Sfixed64, Sint32, Text, Uint32, Uint64,
};
use super::shape::{Kind, Shape, many, one, shapes};

const TEMPORALITY: Kind = Enum("AGGREGATION_TEMPORALITY_", &["UNSPECIFIED", "DELTA", "CUMULATIVE"]);
shapes! {
    METRICS = "ExportMetricsServiceRequest" {
        many 1 "resource_metrics" Message(&RESOURCE_METRICS);
    }
    RESOURCE_METRICS = "ResourceMetrics" {
        one 1 "resource" Message(&RESOURCE);
        many 2 "scope_metrics" Message(&SCOPE_METRICS);
        one 3 "schema_url" Text;
    }
    SCOPE_METRICS = "ScopeMetrics" {
        one 1 "scope" Message(&SCOPE);
        many 2 "metrics" Message(&METRIC);
        one 3 "schema_url" Text;
    }
    METRIC = "Metric" {
        one 1 "name" Text;
        one 2 "description" Text;
        one 3 "unit" Text;
        one 5 "gauge" Message(&GAUGE);
        one 7 "sum" Message(&SUM);
        one 9 "histogram" Message(&HISTOGRAM);
        one 10 "exponential_histogram" Message(&EXPONENTIAL_HISTOGRAM);
        one 11 "summary" Message(&SUMMARY);
        many 12 "metadata" Message(&KEY_VALUE);
    }
    GAUGE = "Gauge" {
        many 1 "data_points" Message(&NUMBER_POINT);
    }
    SUM = "Sum" {
        many 1 "data_points" Message(&NUMBER_POINT);
        one 2 "aggregation_temporality" TEMPORALITY;
        one 3 "is_monotonic" Bool;
    }
    HISTOGRAM = "Histogram" {
        many 1 "data_points" Message(&HISTOGRAM_POINT);
        one 2 "aggregation_temporality" TEMPORALITY;
    }
    EXPONENTIAL_HISTOGRAM = "ExponentialHistogram" {
        many 1 "data_points" Message(&EXPONENTIAL_POINT);
        one 2 "aggregation_temporality" TEMPORALITY;
    }
    SUMMARY = "Summary" {
        many 1 "data_points" Message(&SUMMARY_POINT);
    }
    NUMBER_POINT = "NumberDataPoint" {
        one 2 "start_time_unix_nano" Fixed64;
        one 3 "time_unix_nano" Fixed64;
        one 4 "as_double" Double;
        many 5 "exemplars" Message(&EXEMPLAR);
        one 6 "as_int" Sfixed64;
        many 7 "attributes" Message(&KEY_VALUE);
        one 8 "flags" Uint32;
    }
    HISTOGRAM_POINT = "HistogramDataPoint" {
        one 2 "start_time_unix_nano" Fixed64;
        one 3 "time_unix_nano" Fixed64;
        one 4 "count" Fixed64;
        one 5 "sum" Double;
        many 6 "bucket_counts" Fixed64;
        many 7 "explicit_bounds" Double;
        many 8 "exemplars" Message(&EXEMPLAR);
        many 9 "attributes" Message(&KEY_VALUE);
        one 10 "flags" Uint32;
        one 11 "min" Double;
        one 12 "max" Double;
    }
    EXPONENTIAL_POINT = "ExponentialHistogramDataPoint" {
        many 1 "attributes" Message(&KEY_VALUE);
        one 2 "start_time_unix_nano" Fixed64;
        one 3 "time_unix_nano" Fixed64;
        one 4 "count" Fixed64;
        one 5 "sum" Double;
        one 6 "scale" Sint32;
        one 7 "zero_count" Fixed64;
        one 8 "positive" Message(&BUCKETS);
        one 9 "negative" Message(&BUCKETS);
        one 10 "flags" Uint32;
        many 11 "exemplars" Message(&EXEMPLAR);
        one 12 "min" Double;
        one 13 "max" Double;
        one 14 "zero_threshold" Double;
    }
    BUCKETS = "Buckets" {
        one 1 "offset" Sint32;
        many 2 "bucket_counts" Uint64;
    }
    SUMMARY_POINT = "SummaryDataPoint" {
        one 2 "start_time_unix_nano" Fixed64;
        one 3 "time_unix_nano" Fixed64;
        one 4 "count" Fixed64;
        one 5 "sum" Double;
        many 6 "quantile_values" Message(&QUANTILE);
        many 7 "attributes" Message(&KEY_VALUE);
        one 8 "flags" Uint32;
    }
    QUANTILE = "ValueAtQuantile" {
        one 1 "quantile" Double;
        one 2 "value" Double;
    }
    EXEMPLAR = "Exemplar" {
        one 2 "time_unix_nano" Fixed64;
        one 3 "as_double" Double;
        one 4 "span_id" Id;
        one 5 "trace_id" Id;
        one 6 "as_int" Sfixed64;
        many 7 "filtered_attributes" Message(&KEY_VALUE);
    }
}
