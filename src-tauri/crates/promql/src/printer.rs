//! The canonical text of an expression, as `promql/parser/printer.go` writes it; parsed again it gives the same tree.

use std::fmt;

use watchglass_model::METRIC_NAME;
use watchglass_storage::{MatchOperator, Matcher};

use crate::syntax::{duration_text, float_text, quoted};
use crate::tree::{
    Aggregation, At, Binary, Cardinality, DurationExpr, DurationNode, Edges, Expr, Length,
    Matching, Node, Number, Sign, Subquery, VectorSelector,
};

mod pretty;
pub use pretty::pretty;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Number(number) => f.write_str(&number_text(*number)),
            Node::Text(text) => f.write_str(&quoted(text)),
            Node::Paren(inner) => write!(f, "({inner})"),
            Node::Unary(sign, inner) => write!(f, "{}{inner}", sign_text(*sign)),
            Node::Binary(binary) => {
                write!(f, "{} {} {}", binary.left, operator_text(binary), binary.right)
            }
            Node::Aggregation(aggregation) => {
                write!(f, "{}(", aggregation_head(aggregation))?;
                if let Some(parameter) = &aggregation.parameter {
                    write!(f, "{parameter}, ")?;
                }
                write!(f, "{})", aggregation.inner)
            }
            Node::Call(call) => {
                write!(f, "{}({})", call.function.name, joined(&call.arguments, ", "))
            }
            Node::Vector(selector) => {
                f.write_str(&selector_text(selector))?;
                f.write_str(edges_text(selector.edges))?;
                f.write_str(&time_suffix(selector.at, selector.offset.as_ref()))
            }
            Node::Matrix(matrix) => {
                let selector = &matrix.selector;
                write!(f, "{}[{}]", selector_text(selector), length_text(&matrix.range))?;
                f.write_str(edges_text(selector.edges))?;
                f.write_str(&time_suffix(selector.at, selector.offset.as_ref()))
            }
            Node::Subquery(subquery) => {
                write!(f, "{}{}", subquery.inner, subquery_suffix(subquery))
            }
        }
    }
}

impl fmt::Display for DurationExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            DurationNode::Number(number) => f.write_str(&number_text(*number)),
            DurationNode::Step => f.write_str("step()"),
            DurationNode::Range => f.write_str("range()"),
            DurationNode::MinOf(one, two) => write!(f, "min_of({one}, {two})"),
            DurationNode::MaxOf(one, two) => write!(f, "max_of({one}, {two})"),
            DurationNode::Unary(sign, inner) => write!(f, "{}{inner}", sign_text(*sign)),
            DurationNode::Binary(operator, left, right) => {
                write!(f, "{left} {} {right}", operator.text())
            }
            DurationNode::Paren(inner) => write!(f, "({inner})"),
        }
    }
}

fn joined(list: &[impl ToString], between: &str) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

fn number_text(number: Number) -> String {
    if number.duration {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it was read from whole milliseconds"
        )]
        return duration_text((number.value * 1000.0).round() as i64);
    }
    float_text(number.value)
}

const fn sign_text(sign: Sign) -> &'static str {
    match sign {
        Sign::Plus => "+",
        Sign::Minus => "-",
    }
}

/// The operator with its modifiers.
fn operator_text(binary: &Binary) -> String {
    let mut out = binary.operator.text().to_owned();
    if binary.bool_modifier {
        out.push_str(" bool");
    }
    if let Some(matching) = &binary.matching {
        out.push_str(&matching_text(matching));
    }
    out
}

fn matching_text(matching: &Matching) -> String {
    let mut out = String::new();
    let group = match matching.cardinality {
        Cardinality::ManyToOne => Some("group_left"),
        Cardinality::OneToMany => Some("group_right"),
        _ => None,
    };
    if matching.on || !matching.labels.is_empty() || group.is_some() {
        let word = if matching.on { "on" } else { "ignoring" };
        out = format!(" {word} ({})", label_list(&matching.labels));
    }
    if let Some(group) = group {
        out = format!("{out} {group} ({})", label_list(&matching.include));
    }
    match (matching.fill_left, matching.fill_right) {
        (Some(left), Some(right)) if left.to_bits() == right.to_bits() => {
            out = format!("{out} fill ({})", float_text(left));
        }
        (left, right) => {
            for (word, value) in [("fill_left", left), ("fill_right", right)] {
                if let Some(value) = value {
                    out = format!("{out} {word} ({})", float_text(value));
                }
            }
        }
    }
    out
}

/// The operator with its grouping, without the parentheses behind it.
fn aggregation_head(aggregation: &Aggregation) -> String {
    let name = aggregation.aggregator.name();
    let labels = label_list(&aggregation.grouping);
    if aggregation.without {
        format!("{name} without ({labels}) ")
    } else if aggregation.grouping.is_empty() {
        name.to_owned()
    } else {
        format!("{name} by ({labels}) ")
    }
}

fn label_list(labels: &[String]) -> String {
    let labels: Vec<_> = labels.iter().map(|label| name_text(label, false)).collect();
    labels.join(", ")
}

/// A name as it stands, or in quotes where it has characters that need them.
fn name_text(name: &str, colons: bool) -> String {
    let plain = |c: char| c == '_' || c.is_ascii_alphanumeric() || (colons && c == ':');
    let starts = name.starts_with(|c: char| !c.is_ascii_digit());
    if starts && name.chars().all(plain) { name.to_owned() } else { quoted(name) }
}

fn matcher_text(matcher: &Matcher) -> String {
    let name = name_text(&matcher.name, false);
    format!("{name}{}{}", matcher.operator.text(), quoted(&matcher.value))
}

/// Words that are a number or an operator where a metric could stand.
const NEVER_BARE: &[&str] =
    &["inf", "nan", "on", "ignoring", "group_left", "group_right", "bool", "atan2"];

fn selector_text(selector: &VectorSelector) -> String {
    let name = &selector.name;
    let is_own_name = |matcher: &Matcher| {
        matcher.name == METRIC_NAME
            && matcher.operator == MatchOperator::Equal
            && matcher.value == *name
            && !name.is_empty()
    };
    let mut inside: Vec<String> =
        selector.matchers.iter().filter(|own| !is_own_name(own)).map(matcher_text).collect();
    inside.sort();
    let bare = name_text(name, true) == *name
        && !NEVER_BARE.iter().any(|word| word.eq_ignore_ascii_case(name));
    if !name.is_empty() && !bare {
        inside.insert(0, quoted(name));
    }
    let outside = if bare { name.as_str() } else { "" };
    if inside.is_empty() && !outside.is_empty() {
        return outside.to_owned();
    }
    format!("{outside}{{{}}}", inside.join(","))
}

fn length_text(length: &Length) -> String {
    match length {
        Length::Fixed(millis) => duration_text(*millis),
        Length::Computed(expr) => expr.to_string(),
    }
}

const fn edges_text(edges: Edges) -> &'static str {
    match edges {
        Edges::Plain => "",
        Edges::Anchored => " anchored",
        Edges::Smoothed => " smoothed",
    }
}

/// `@` and `offset`, in this order, with a space before each.
fn time_suffix(at: Option<At>, offset: Option<&Length>) -> String {
    let at = match at {
        None => String::new(),
        Some(At::Start) => " @ start()".to_owned(),
        Some(At::End) => " @ end()".to_owned(),
        Some(At::Time(millis)) => {
            let sign = if millis < 0 { "-" } else { "" };
            let millis = millis.unsigned_abs();
            format!(" @ {sign}{}.{:03}", millis / 1000, millis % 1000)
        }
    };
    match offset {
        None | Some(Length::Fixed(0)) => at,
        Some(length) => format!("{at} offset {}", length_text(length)),
    }
}

/// The brackets of a subquery and what stands behind them.
fn subquery_suffix(subquery: &Subquery) -> String {
    let step = subquery.step.as_ref().map(length_text).unwrap_or_default();
    let time = time_suffix(subquery.at, subquery.offset.as_ref());
    format!("[{}:{step}]{time}", length_text(&subquery.range))
}
