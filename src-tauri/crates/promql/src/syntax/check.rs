//! What a text that reads well may still get wrong: types, numbers of arguments, empty selectors (upstream's `checkAST`).

use watchglass_model::METRIC_NAME;

use super::faults::ParseFault;
use super::quoted;
use crate::tree::{
    Aggregation, Aggregator, Binary, Call, Cardinality, Expr, Matching, Node, Span, Subquery,
    ValueType, VectorSelector,
};

/// All faults of a tree.
pub(super) fn check(expr: &Expr, text: &str) -> Vec<ParseFault> {
    let mut check = Check { text, faults: Vec::new() };
    check.expr(expr);
    check.faults
}

struct Check<'a> {
    text: &'a str,
    faults: Vec<ParseFault>,
}

impl Check<'_> {
    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(ParseFault { span, message: message.into() });
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.node {
            Node::Number(_) | Node::Text(_) => {}
            Node::Paren(inner) => self.expr(inner),
            Node::Unary(_, inner) => self.unary(expr.span, inner),
            Node::Binary(binary) => self.binary(expr.span, binary),
            Node::Aggregation(aggregation) => self.aggregation(aggregation),
            Node::Call(call) => self.call(expr.span, call),
            Node::Vector(selector) => self.selector(expr.span, selector, false),
            Node::Matrix(matrix) => self.selector(matrix.selector_span, &matrix.selector, false),
            Node::Subquery(subquery) => self.subquery(expr.span, subquery),
        }
    }

    fn expect(&mut self, expr: &Expr, wanted: ValueType, context: &str) {
        self.expr(expr);
        let found = expr.value_type();
        if found != wanted {
            let (wanted, found) = (wanted.documented(), found.documented());
            self.fault(expr.span, format!("expected type {wanted} in {context}, got {found}"));
        }
    }

    fn unary(&mut self, span: Span, inner: &Expr) {
        self.expr(inner);
        let found = inner.value_type();
        if !matches!(found, ValueType::Scalar | ValueType::Vector) {
            self.fault(
                span,
                format!(
                    "unary expression only allowed on expressions of type scalar or instant vector, got {}",
                    quoted(found.documented())
                ),
            );
        }
    }

    fn subquery(&mut self, span: Span, subquery: &Subquery) {
        self.expr(&subquery.inner);
        let found = subquery.inner.value_type();
        if found != ValueType::Vector {
            let found = found.name();
            self.fault(
                span,
                format!("subquery is only allowed on instant vector, got {found} instead"),
            );
        }
    }

    fn aggregation(&mut self, aggregation: &Aggregation) {
        self.expect(&aggregation.inner, ValueType::Vector, "aggregation expression");
        if let Some(parameter) = &aggregation.parameter {
            let wanted = match aggregation.aggregator {
                Aggregator::CountValues => ValueType::String,
                _ => ValueType::Scalar,
            };
            self.expect(parameter, wanted, "aggregation parameter");
        }
    }

    fn binary(&mut self, span: Span, binary: &Binary) {
        self.expr(&binary.left);
        self.expr(&binary.right);
        let (left, right) = (binary.left.value_type(), binary.right.value_type());
        let operator = self.operator_span(binary);
        if binary.bool_modifier && !binary.operator.is_comparison() {
            self.fault(operator, "bool modifier can only be used on comparison operators");
        }
        let scalars = left == ValueType::Scalar && right == ValueType::Scalar;
        if binary.operator.is_comparison() && !binary.bool_modifier && scalars {
            self.fault(operator, "comparisons between scalars must use BOOL modifier");
        }
        if let Some(matching) = &binary.matching {
            self.grouping_overlap(operator, matching);
        }
        for (side, found) in [(&binary.left, left), (&binary.right, right)] {
            if !matches!(found, ValueType::Scalar | ValueType::Vector) {
                self.fault(
                    side.span,
                    "binary expression must contain only scalar and instant vector types",
                );
            }
        }
        if let Some(matching) = &binary.matching {
            let vectors = left == ValueType::Vector && right == ValueType::Vector;
            self.matching(span, binary, matching, vectors);
        }
        if binary.operator.is_set() && (left == ValueType::Scalar || right == ValueType::Scalar) {
            let operator = quoted(binary.operator.text());
            self.fault(
                span,
                format!("set operator {operator} not allowed in binary scalar expression"),
            );
        }
    }

    fn grouping_overlap(&mut self, operator: Span, matching: &Matching) {
        if !matching.on {
            return;
        }
        for label in matching.labels.iter().filter(|label| matching.include.contains(label)) {
            let label = quoted(label);
            self.fault(
                operator,
                format!("label {label} must not occur in ON and GROUP clause at once"),
            );
        }
    }

    fn matching(&mut self, span: Span, binary: &Binary, matching: &Matching, vectors: bool) {
        let fills = matching.fill_left.is_some() || matching.fill_right.is_some();
        if !vectors {
            if !matching.labels.is_empty() {
                self.fault(span, "vector matching only allowed between instant vectors");
            }
            if fills {
                self.fault(span, "filling in missing series only allowed between instant vectors");
            }
        } else if binary.operator.is_set() {
            if matching.cardinality != Cardinality::ManyToMany {
                let operator = quoted(binary.operator.text());
                self.fault(span, format!("no grouping allowed for {operator} operation"));
                self.fault(span, "set operations must always be many-to-many");
            }
            if fills {
                self.fault(span, "filling in missing series not allowed for set operators");
            }
        }
    }

    /// The operator with its modifiers: what lies between the two sides, without the spaces around it.
    fn operator_span(&self, binary: &Binary) -> Span {
        let (start, end) = (binary.left.span.end, binary.right.span.start);
        let between = self.text.get(start..end).unwrap_or("");
        let before = between.len() - between.trim_start().len();
        Span { start: start + before, end: start + between.trim_end().len() }
    }

    fn call(&mut self, span: Span, call: &Call) {
        self.number_of_arguments(span, call);
        if call.function.name == "info"
            && let Some(second) = call.arguments.get(1)
        {
            self.label_selector(second);
        }
        for (place, argument) in call.arguments.iter().enumerate() {
            let known = call.function.arguments;
            let wanted = match (known.get(place), call.function.variadic) {
                (Some(wanted), _) => *wanted,
                (None, 0) => break,
                (None, _) => known.last().copied().unwrap_or(ValueType::Vector),
            };
            let bare_info = call.function.name == "info" && place == 1;
            match &argument.node {
                Node::Vector(selector) if bare_info => {
                    self.selector(argument.span, selector, true);
                }
                _ => self.expr(argument),
            }
            let found = argument.value_type();
            if found != wanted {
                let (wanted, found) = (wanted.documented(), found.documented());
                let name = quoted(call.function.name);
                self.fault(
                    argument.span,
                    format!("expected type {wanted} in call to function {name}, got {found}"),
                );
            }
        }
    }

    fn number_of_arguments(&mut self, span: Span, call: &Call) {
        let name = quoted(call.function.name);
        let given = call.arguments.len();
        let known = call.function.arguments.len();
        let problem = match usize::try_from(call.function.variadic) {
            Ok(0) => (known != given).then(|| format!("expected {known}")),
            variadic => {
                let least = known.saturating_sub(1);
                let most = variadic.map_or(usize::MAX, |more| least + more);
                if given < least {
                    Some(format!("expected at least {least}"))
                } else {
                    (given > most).then(|| format!("expected at most {most}"))
                }
            }
        };
        if let Some(problem) = problem {
            self.fault(span, format!("{problem} argument(s) in call to {name}, got {given}"));
        }
    }

    /// The second argument of `info` picks labels, so it has no name and may match everything.
    fn label_selector(&mut self, argument: &Expr) {
        match &argument.node {
            Node::Vector(selector) if selector.name.is_empty() => {}
            Node::Vector(_) => self
                .fault(argument.span, "expected label selectors only, got vector selector instead"),
            _ => self.fault(argument.span, "expected label selectors only"),
        }
    }

    fn selector(&mut self, span: Span, selector: &VectorSelector, may_match_all: bool) {
        if !selector.name.is_empty() {
            // The last matcher is the name itself.
            let others = selector.matchers.split_last().map_or(&[][..], |(_, others)| others);
            for second in others.iter().filter(|matcher| matcher.name == METRIC_NAME) {
                let (name, second) = (quoted(&selector.name), quoted(&second.value));
                self.fault(span, format!("metric name must not be set twice: {name} or {second}"));
            }
        } else if !may_match_all
            && selector.matchers.iter().all(watchglass_storage::Matcher::matches_absence)
        {
            self.fault(span, "vector selector must contain at least one non-empty matcher");
        }
    }
}
