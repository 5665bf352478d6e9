//! The queries of the PromQL compliance tester: templates from its file, and what its code puts in for each argument.

/// Values of the templates' arguments (`testVariantArgs`).
const ARGUMENTS: [(&str, &[&str]); 14] = [
    ("range", &["1s", "15s", "1m", "5m", "15m", "1h"]),
    ("offset", &["1m", "5m", "10m"]),
    ("simpleAggrOp", &["sum", "avg", "max", "min", "count", "stddev", "stdvar"]),
    (
        "simpleTimeAggrOp",
        &["sum", "avg", "max", "min", "count", "stddev", "stdvar", "absent", "last"],
    ),
    ("topBottomOp", &["topk", "bottomk"]),
    ("quantile", &["-0.5", "0.1", "0.5", "0.75", "0.95", "0.90", "0.99", "1", "1.5"]),
    ("arithBinOp", &["+", "-", "*", "/", "%", "^"]),
    ("compBinOp", &["==", "!=", "<", ">", "<=", ">="]),
    ("binOp", &["+", "-", "*", "/", "%", "^", "==", "!=", "<", ">", "<=", ">="]),
    ("simpleMathFunc", &["abs", "ceil", "floor", "exp", "sqrt", "ln", "log2", "log10", "round"]),
    ("extrapolatedRateFunc", &["delta", "rate", "increase"]),
    ("clampFunc", &["clamp_min", "clamp_max"]),
    ("instantRateFunc", &["idelta", "irate"]),
    (
        "dateFunc",
        &["day_of_month", "day_of_week", "days_in_month", "hour", "minute", "month", "year"],
    ),
];

/// One query. Which of them must fail is not taken from the file, which knows no names of labels beyond ASCII and so
/// expects two faults that Prometheus 3 does not see; the reference says so for each.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) text: String,
}

impl Query {
    /// Whether the order of its answer at one instant has a meaning.
    pub(crate) fn is_ordered(&self) -> bool {
        ["topk (", "bottomk ("].iter().any(|start| self.text.starts_with(start))
    }
}

/// The templates of the file.
pub(crate) fn templates(file: &str) -> Vec<Query> {
    let lines = file.lines().map(|line| line.trim_start_matches([' ', '-']));
    let texts = lines.filter_map(|line| line.strip_prefix("query:"));
    texts.map(|text| Query { text: scalar(text) }).collect()
}

/// A scalar of YAML; none of the file's needs an escape.
fn scalar(text: &str) -> String {
    let text = text.trim();
    let inner =
        ['\'', '"'].into_iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark));
    inner.unwrap_or(text).to_owned()
}

/// Every query that a template stands for.
pub(crate) fn expanded(template: &Query) -> Vec<Query> {
    let Some((before, rest)) = template.text.split_once("{{.") else {
        return vec![template.clone()];
    };
    let (argument, after) = rest.split_once("}}").unwrap();
    let known = ARGUMENTS.iter().find(|(name, _)| *name == argument);
    let (_, values) = known.unwrap_or_else(|| panic!("{argument} is no known argument"));
    let put_in = |value: &&str| expanded(&Query { text: format!("{before}{value}{after}") });
    values.iter().flat_map(put_in).collect()
}
