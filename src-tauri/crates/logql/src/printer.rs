//! The canonical text of a query; read again it gives the same tree.

mod pretty;
mod stages;

use std::fmt;

use watchglass_storage::Matcher;
use watchglass_template::duration::prometheus_text;
use watchglass_template::text::quoted;

use crate::tree::{
    Binary, Cardinality, Expr, Grouping, LogExpr, Matching, MetricExpr, Operator, RangeAggregation,
    Unwrap, VectorAggregation,
};

pub use pretty::pretty;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(log) => log.fmt(f),
            Self::Metric(metric) => metric.fmt(f),
        }
    }
}

impl fmt::Display for LogExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&selector_text(&self.matchers))?;
        self.stages.iter().try_for_each(|stage| write!(f, " {}", stage.kind))
    }
}

impl fmt::Display for MetricExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(range) => range.fmt(f),
            Self::Vector(vector) => {
                write!(f, "{}{})", vector_head(vector), vector.inner)
            }
            Self::Binary(binary) => {
                let (left, right) = sides(binary);
                write!(f, "{left} {} {right}", operator_text(binary))
            }
            Self::Literal(value) => f.write_str(&number_text(*value)),
            Self::VectorLiteral(value) => write!(f, "vector({})", number_text(*value)),
            Self::LabelReplace(replace) => write!(
                f,
                "label_replace({}, {}, {}, {}, {})",
                replace.inner,
                quoted(&replace.destination),
                quoted(&replace.replacement),
                quoted(&replace.source),
                quoted(&replace.pattern)
            ),
        }
    }
}

impl fmt::Display for RangeAggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.operation.text())?;
        if let Some(parameter) = self.parameter {
            write!(f, "{}, ", number_text(parameter))?;
        }
        write!(f, "{}", self.log)?;
        if let Some(unwrap) = &self.unwrap {
            write!(f, " {}", unwrap_text(unwrap))?;
        }
        write!(f, " {})", range_text(self))?;
        match &self.grouping {
            Some(grouping) => write!(f, " {}", grouping_text(grouping)),
            None => Ok(()),
        }
    }
}

/// `[5m] offset 1h`
fn range_text(range: &RangeAggregation) -> String {
    let text = format!("[{}]", prometheus_text(range.range));
    match range.offset {
        0 => text,
        offset => format!("{text} offset {}", prometheus_text(offset)),
    }
}

fn unwrap_text(unwrap: &Unwrap) -> String {
    let mut text = match unwrap.conversion {
        Some(conversion) => format!("| unwrap {}({})", conversion.text(), unwrap.label),
        None => format!("| unwrap {}", unwrap.label),
    };
    for filter in &unwrap.filters {
        text = format!("{text} | {filter}");
    }
    text
}

/// The operator with its grouping and the opening parenthesis.
fn vector_head(vector: &VectorAggregation) -> String {
    let mut text = vector.operation.text().to_owned();
    if let Some(grouping) = &vector.grouping {
        text = format!("{text} {} ", grouping_text(grouping));
    }
    text.push('(');
    if let Some(parameter) = vector.parameter {
        text = format!("{text}{parameter}, ");
    }
    text
}

fn grouping_text(grouping: &Grouping) -> String {
    let word = if grouping.without { "without" } else { "by" };
    format!("{word} ({})", grouping.labels.join(", "))
}

fn selector_text(matchers: &[Matcher]) -> String {
    let matchers: Vec<_> = matchers.iter().map(matcher_text).collect();
    format!("{{{}}}", matchers.join(", "))
}

fn matcher_text(matcher: &Matcher) -> String {
    format!("{}{}{}", matcher.name, matcher.operator.text(), quoted(&matcher.value))
}

/// A number without an exponent, which reads as it was written most often.
fn number_text(value: f64) -> String {
    format!("{value}")
}

/// Both sides, in parentheses where they bind less tightly.
fn sides(binary: &Binary) -> (String, String) {
    let own = binary.operator.precedence();
    let power = binary.operator == Operator::Power;
    let wrapped = |side: &MetricExpr, least: u8| match side {
        MetricExpr::Binary(inner) if inner.operator.precedence() < least => format!("({side})"),
        side => side.to_string(),
    };
    (wrapped(&binary.left, own + u8::from(power)), wrapped(&binary.right, own + u8::from(!power)))
}

/// The operator with its modifiers.
fn operator_text(binary: &Binary) -> String {
    let mut text = binary.operator.text().to_owned();
    if binary.as_bool {
        text.push_str(" bool");
    }
    let Matching { on, labels, cardinality, include } = &binary.matching;
    let group = match cardinality {
        Cardinality::OneToOne => "",
        Cardinality::ManyToOne => " group_left",
        Cardinality::OneToMany => " group_right",
    };
    if *on || !labels.is_empty() || !group.is_empty() {
        let word = if *on { "on" } else { "ignoring" };
        text = format!("{text} {word} ({}){group}", labels.join(", "));
    }
    if !include.is_empty() {
        text = format!("{text} ({})", include.join(", "));
    }
    text
}
