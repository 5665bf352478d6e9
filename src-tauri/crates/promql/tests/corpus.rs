//! Reads every expression of the public test suites that `WATCHGLASS_CONFORMANCE` names, and prints each back.

use std::path::{Path, PathBuf};

use watchglass_promql::printer::pretty;
use watchglass_promql::syntax::{ParserOptions, parse};
use watchglass_promql::tree::{Expr, Node, VectorSelector};

/// The folder of a suite, or none with a printed line.
#[expect(clippy::print_stdout, reason = "a skipped suite says so")]
fn suite(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("WATCHGLASS_CONFORMANCE").map(|root| Path::new(&root).join(name));
    if folder.is_none() {
        println!("skipped: WATCHGLASS_CONFORMANCE is not set");
    }
    folder
}

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the suite is a folder")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| {
            endings.iter().any(|ending| path.extension().is_some_and(|own| own == *ending))
        })
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{} holds no files", folder.display());
    found
}

/// The expression of an `eval` line.
fn expression(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("eval")?;
    let (kind, rest) = rest.split_once(' ')?;
    if !matches!(kind, "" | "_fail" | "_warn" | "_info" | "_ordered") {
        return None;
    }
    let words = if rest.starts_with("instant") { 3 } else { 7 };
    let mut rest = rest.trim_start();
    for _ in 0..words {
        rest = rest.split_once(char::is_whitespace)?.1.trim_start();
    }
    Some(rest)
}

/// A tree as text without the places of its nodes, and with matchers in the order in which the printer sorts them.
fn shape(expr: &Expr) -> String {
    let mut expr = expr.clone();
    sort_matchers(&mut expr);
    let text = format!("{expr:?}");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once("Span { start: ") {
        out.push_str(before);
        rest = behind.split_once('}').expect("a span ends").1;
    }
    out + rest
}

fn sort_matchers(expr: &mut Expr) {
    let sort = |selector: &mut VectorSelector| {
        let mut matchers = selector.matchers.to_vec();
        matchers.sort_by_key(|own| format!("{}{}{}", own.name, own.operator.text(), own.value));
        selector.matchers = matchers.into();
    };
    match &mut expr.node {
        Node::Number(_) | Node::Text(_) => {}
        Node::Paren(inner) | Node::Unary(_, inner) => sort_matchers(inner),
        Node::Binary(binary) => {
            sort_matchers(&mut binary.left);
            sort_matchers(&mut binary.right);
        }
        Node::Aggregation(aggregation) => {
            aggregation.parameter.iter_mut().for_each(sort_matchers);
            sort_matchers(&mut aggregation.inner);
        }
        Node::Call(call) => call.arguments.iter_mut().for_each(sort_matchers),
        Node::Vector(selector) => sort(selector),
        Node::Matrix(matrix) => sort(&mut matrix.selector),
        Node::Subquery(subquery) => sort_matchers(&mut subquery.inner),
    }
}

fn round_trip(text: &str) -> Result<(), String> {
    let expr = parse(text, &ParserOptions::ALL).map_err(|fault| format!("{text}: {fault}"))?;
    for printed in [expr.to_string(), pretty(&expr)] {
        let again = parse(&printed, &ParserOptions::ALL)
            .map_err(|fault| format!("{text} printed as {printed}: {fault}"))?;
        if shape(&again) != shape(&expr) {
            return Err(format!("{text} printed as {printed} is another tree"));
        }
    }
    Ok(())
}

#[test]
fn every_expression_of_promqltest_reads_and_prints_back() {
    let Some(folder) = suite("promql") else { return };
    let (mut all, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for file in files(&folder, &["test"]) {
        let text = std::fs::read_to_string(&file).expect("readable");
        for text in text.lines().filter_map(expression) {
            all += 1;
            if let Err(fault) = parse(text, &ParserOptions::ALL) {
                refused.push(format!("{text}: {fault}"));
            } else if let Err(fault) = round_trip(text) {
                wrong.push(fault);
            }
        }
    }
    println!("{} of {all} read, {} print back wrongly", all - refused.len(), wrong.len());
    for line in refused.iter().chain(&wrong) {
        println!("{line}");
    }
    assert_eq!(all, 2214);
    assert!(wrong.is_empty());
    assert_eq!(refused.len(), 0);
}

#[test]
fn every_series_of_promqltest_reads() {
    use watchglass_promql::syntax::series::{describes_starts, parse_series, parse_starts};
    let Some(folder) = suite("promql") else { return };
    let mut all = 0;
    let mut wrong = Vec::new();
    for file in files(&folder, &["test"]) {
        let text = std::fs::read_to_string(&file).expect("readable");
        let mut in_load = false;
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if line.is_empty() || line.starts_with("load") {
                in_load = !line.is_empty();
                continue;
            }
            if !in_load {
                continue;
            }
            all += 1;
            let fault = if describes_starts(line) {
                parse_starts(line).err()
            } else {
                parse_series(line).err()
            };
            wrong.extend(fault.map(|fault| format!("{line}: {fault}")));
        }
    }
    println!("{} of {all} series read", all - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all > 1000);
}

/// The `expr` of every rule: one line, a quoted line, or an indented block. Good enough for these files, not YAML.
fn rule_expressions(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let bare = line.trim_start().trim_start_matches("- ");
        let Some(value) = bare.strip_prefix("expr:").map(str::trim) else { continue };
        if !matches!(value, "|" | "|-" | ">" | ">-") {
            let inner = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            found.push(inner.map_or_else(|| value.to_owned(), |inner| inner.replace("''", "'")));
            continue;
        }
        let indent = line.len() - bare.len();
        let block = lines.iter().skip(place + 1).take_while(|next| {
            next.trim().is_empty() || next.len() - next.trim_start().len() > indent
        });
        found.push(block.copied().collect::<Vec<_>>().join("\n"));
    }
    found
}

#[test]
fn every_rule_of_the_corpora_reads_and_prints_back() {
    for name in ["rules-awesome", "rules-kube"] {
        let Some(folder) = suite(name) else { return };
        let (mut all, mut wrong) = (0, Vec::new());
        for file in files(&folder, &["yml", "yaml"]) {
            let text = std::fs::read_to_string(&file).expect("readable");
            for text in rule_expressions(&text) {
                all += 1;
                wrong.extend(round_trip(&text).err());
            }
        }
        println!("{name}: {} of {all}", all - wrong.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
