//! What a query may say but must not mean.

use watchglass_storage::Matcher;

use super::faults::ParseFault;
use crate::stage;
use crate::tree::{
    Expr, LogExpr, MetricExpr, RangeAggregation, RangeOperation, Span, VectorOperation,
};

type Checked = Result<(), ParseFault>;

pub(super) fn check(expr: &Expr) -> Checked {
    match expr {
        Expr::Log(log) => check_log(log),
        Expr::Metric(metric) => check_metric(metric),
    }
}

fn fault<T>(span: Span, message: impl Into<String>) -> Result<T, ParseFault> {
    Err(ParseFault::meaning(span, message))
}

fn check_log(log: &LogExpr) -> Checked {
    if log.matchers.iter().all(Matcher::matches_absence) {
        return fault(
            log.span,
            "queries require at least one regexp or equality matcher that does not have an empty-compatible value. For instance, app=~\".*\" does not meet this requirement, but app=~\".+\" will",
        );
    }
    for one in &log.stages {
        stage::check(&one.kind).or_else(|message| fault(one.span, message))?;
    }
    Ok(())
}

fn check_metric(expr: &MetricExpr) -> Checked {
    match expr {
        MetricExpr::Literal(_) | MetricExpr::VectorLiteral(_) => Ok(()),
        MetricExpr::Range(range) => check_range(range),
        MetricExpr::Vector(vector) => {
            let sorts =
                matches!(vector.operation, VectorOperation::Sort | VectorOperation::SortDesc);
            let alone = sorts || vector.operation == VectorOperation::ApproxTopk;
            if alone && vector.grouping.is_some() {
                let name = vector.operation.text();
                return fault(vector.span, format!("grouping not allowed for {name} aggregation"));
            }
            check_metric(&vector.inner)
        }
        MetricExpr::Binary(binary) => {
            check_metric(&binary.left)?;
            check_metric(&binary.right)?;
            let twice = binary
                .matching
                .include
                .iter()
                .find(|label| binary.matching.on && binary.matching.labels.contains(label));
            match twice {
                Some(label) => fault(
                    binary.span,
                    format!("label \"{label}\" must not occur in ON and GROUP clause at once"),
                ),
                None => Ok(()),
            }
        }
        MetricExpr::LabelReplace(replace) => {
            if !is_label_name(&replace.destination) {
                let name = watchglass_template::text::quoted(&replace.destination);
                return fault(
                    replace.span,
                    format!("invalid destination label name in label_replace: {name}"),
                );
            }
            watchglass_pattern::Pattern::within("^(?:", &replace.pattern, ")$").or_else(
                |wrong| {
                    let message = format!("invalid regex in label_replace: {wrong}");
                    fault(replace.span, message)
                },
            )?;
            check_metric(&replace.inner)
        }
    }
}

fn is_label_name(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a function wants numbers from its lines.
#[derive(PartialEq, Eq)]
enum Unwrapped {
    Forbidden,
    Optional,
    Required,
}

/// What a function allows: `unwrap`, and a grouping of its own.
const fn allows(operation: RangeOperation) -> (Unwrapped, bool) {
    use RangeOperation as Own;
    match operation {
        Own::Rate | Own::AbsentOverTime => (Unwrapped::Optional, false),
        Own::CountOverTime | Own::BytesOverTime | Own::BytesRate => (Unwrapped::Forbidden, false),
        Own::RateCounter | Own::SumOverTime => (Unwrapped::Required, false),
        Own::AvgOverTime
        | Own::MinOverTime
        | Own::MaxOverTime
        | Own::StdvarOverTime
        | Own::StddevOverTime
        | Own::QuantileOverTime
        | Own::FirstOverTime
        | Own::LastOverTime => (Unwrapped::Required, true),
    }
}

fn check_range(range: &RangeAggregation) -> Checked {
    check_log(&range.log)?;
    let name = range.operation.text();
    let (unwrapped, groups) = allows(range.operation);
    if range.grouping.is_some() && !groups {
        return fault(range.span, format!("grouping not allowed for {name} aggregation"));
    }
    match (&range.unwrap, unwrapped) {
        (Some(_), Unwrapped::Forbidden) => {
            fault(range.span, format!("invalid aggregation {name} with unwrap"))
        }
        (None, Unwrapped::Required) => {
            fault(range.span, format!("invalid aggregation {name} without unwrap"))
        }
        (Some(unwrap), _) => {
            for filter in &unwrap.filters {
                stage::check_label_filter(filter).or_else(|message| fault(range.span, message))?;
            }
            Ok(())
        }
        (None, _) => Ok(()),
    }
}
