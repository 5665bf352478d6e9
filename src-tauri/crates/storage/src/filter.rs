//! What matches: the one place that decides whether a span, log record or point is meant.

use watchglass_model::{
    EventRef, LogRef, PointRef, Severity, SpanId, SpanRef, StatusCode, TraceId,
};

use crate::condition::{Condition, contains, text_of};

/// Which spans; what is not given does not matter.
#[derive(Debug, Clone, Default)]
pub struct SpanFilter {
    /// Of these traces, in ascending order.
    pub traces: Option<Vec<TraceId>>,
    /// Of this service.
    pub service: Option<String>,
    /// With this name.
    pub operation: Option<String>,
    /// Which ended so.
    pub status: Option<StatusCode>,
    /// Lasting at least so many nanoseconds.
    pub min_duration: Option<u64>,
    /// Lasting at most so many nanoseconds.
    pub max_duration: Option<u64>,
    /// With these attributes, on the span, its events, its resource or its scope.
    pub attributes: Vec<Condition>,
}

impl SpanFilter {
    /// Whether `span` is meant.
    pub fn matches(&self, span: SpanRef<'_>) -> bool {
        self.matches_core(span) && self.matches_attributes(span)
    }

    /// The part that [`crate::Detail::Core`] can decide.
    pub fn matches_core(&self, span: SpanRef<'_>) -> bool {
        let duration = span.duration();
        self.status.is_none_or(|status| span.row.status == status)
            && self.min_duration.is_none_or(|least| duration >= least)
            && self.max_duration.is_none_or(|most| duration <= most)
            && self.service.as_deref().is_none_or(|service| span.service() == service)
            && self.operation.as_deref().is_none_or(|operation| span.name() == operation)
            && self.has_trace(span.row.trace_id)
    }

    /// Whether a trace is among those that are meant.
    pub fn has_trace(&self, trace: TraceId) -> bool {
        self.traces.as_ref().is_none_or(|traces| traces.binary_search(&trace).is_ok())
    }

    /// The part that needs [`crate::Detail::Whole`].
    pub fn matches_attributes(&self, span: SpanRef<'_>) -> bool {
        self.attributes.iter().all(|condition| {
            let own = [span.attributes(), span.resource().attributes(), span.scope().attributes()];
            let events = span.events().map(EventRef::attributes);
            condition.holds(own.into_iter().chain(events))
        })
    }
}

/// Which log records; what is not given does not matter.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Of this service.
    pub service: Option<String>,
    /// At least so severe.
    pub severity: Option<Severity>,
    /// With this in the message, in any case of ASCII letters.
    pub text: Option<String>,
    /// Of this trace.
    pub trace: Option<TraceId>,
    /// Of this span.
    pub span: Option<SpanId>,
    /// With these attributes, on the record, its resource or its scope.
    pub attributes: Vec<Condition>,
}

impl LogFilter {
    /// Whether `record` is meant.
    pub fn matches(&self, record: LogRef<'_>) -> bool {
        self.matches_core(record) && self.matches_detail(record)
    }

    /// The part that [`crate::Detail::Core`] can decide.
    pub fn matches_core(&self, record: LogRef<'_>) -> bool {
        self.trace.is_none_or(|trace| record.row.trace_id == trace)
            && self.span.is_none_or(|span| record.row.span_id == span)
            && self.severity.is_none_or(|least| record.severity() >= least)
            && self.service.as_deref().is_none_or(|service| record.service() == service)
    }

    /// Whether there is a part that needs [`crate::Detail::Whole`].
    pub fn needs_detail(&self) -> bool {
        self.text.is_some() || !self.attributes.is_empty()
    }

    /// The part that needs [`crate::Detail::Whole`].
    pub fn matches_detail(&self, record: LogRef<'_>) -> bool {
        self.text.as_deref().is_none_or(|part| contains(&text_of(record.body()), part))
            && self.attributes.iter().all(|condition| {
                let sets = [
                    record.attributes(),
                    record.resource().attributes(),
                    record.scope().attributes(),
                ];
                condition.holds(sets.into_iter())
            })
    }
}

/// Which metric points; what is not given does not matter.
#[derive(Debug, Clone, Default)]
pub struct PointFilter {
    /// Of this metric.
    pub metric: Option<String>,
    /// Of this service.
    pub service: Option<String>,
    /// With these attributes, on the point or its resource.
    pub attributes: Vec<Condition>,
}

impl PointFilter {
    /// Whether `point` is meant.
    pub fn matches(&self, point: PointRef<'_>) -> bool {
        let metric = point.metric();
        self.metric.as_deref().is_none_or(|name| metric.name() == name)
            && self.service.as_deref().is_none_or(|name| metric.resource().service() == name)
            && self.attributes.iter().all(|condition| {
                let sets = [point.attributes(), metric.resource().attributes()];
                condition.holds(sets.into_iter())
            })
    }
}
