//! What reads, what is refused with which words and where, and how it prints; cases after upstream's parser tables.

use watchglass_promql::printer::pretty;
use watchglass_promql::syntax::{ParserOptions, parse};

/// The first fault as the API tells it.
fn fault(text: &str) -> String {
    match parse(text, &ParserOptions::ALL) {
        Ok(expr) => panic!("{text} reads as {expr}"),
        Err(faults) => faults.to_string(),
    }
}

/// Texts, and their canonical form.
const PRINTED: &[(&str, &str)] = &[
    ("1", "1"),
    ("+Inf", "+Inf"),
    (".5", "0.5"),
    ("0x8f", "143"),
    ("0755", "493"),
    ("1_000", "1000"),
    ("1e25", "1e+25"),
    ("-1^2", "-1 ^ 2"),
    ("5m", "5m"),
    ("1w", "1w"),
    ("SUM BY(job)(foo)", "sum by (job) (foo)"),
    ("sum(foo) without(job)", "sum without (job) (foo)"),
    ("sum by () (foo)", "sum(foo)"),
    ("sum by (\"a.b\") (foo)", "sum by (\"a.b\") (foo)"),
    ("sum", "sum"),
    ("offset offset 5m", "offset offset 5m"),
    ("foo{a='b',}", "foo{a=\"b\"}"),
    ("{\"a.b\", c=\"d\"}", "{\"a.b\",c=\"d\"}"),
    ("{\"foo\"}", "foo"),
    ("{\"c.d\"=\"x\"}", "{\"c.d\"=\"x\"}"),
    ("foo offset -5m @ 10.5", "foo @ 10.500 offset -5m"),
    ("foo[5m] @ end() offset 1h30m", "foo[5m] @ end() offset 1h30m"),
    ("rate(foo[300])[1h:] offset 1d", "rate(foo[5m])[1h:] offset 1d"),
    ("foo[(5m+step())*2]", "foo[(5m + step()) * 2]"),
    ("foo offset min_of(step(), 1s) ^ 2", "foo offset min_of(step(), 1s) ^ 2"),
    ("rate(foo[5m] smoothed)", "rate(foo[5m] smoothed)"),
    ("a == bool on(x) group_left(y) b", "a == bool on (x) group_left (y) b"),
    ("a + fill_left(1) fill_right(2) b", "a + fill_left (1) fill_right (2) b"),
    ("a + fill(0) fill", "a + fill (0) fill"),
    ("h </ 2 # trimmed", "h </ 2"),
    ("info(foo, {x=~\".*\"})", "info(foo, {x=~\".*\"})"),
];

#[test]
fn an_expression_prints_in_its_canonical_form() {
    for (text, wanted) in PRINTED {
        let expr =
            parse(text, &ParserOptions::ALL).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(expr.to_string(), *wanted, "{text}");
        assert_eq!(
            parse(wanted, &ParserOptions::ALL).map(|again| again.to_string()).as_deref(),
            Ok(*wanted)
        );
    }
}

/// Texts, and what is wrong with them.
const REFUSED: &[(&str, &str)] = &[
    (
        "1e400",
        "1:1: parse error: error parsing number: strconv.ParseFloat: parsing \"1e400\": value out of range",
    ),
    ("", "unknown position: parse error: no expression found in input"),
    ("(1", "1:3: parse error: unclosed left parenthesis"),
    ("1)", "1:2: parse error: unexpected right parenthesis ')'"),
    ("1 /", "1:4: parse error: unexpected end of input"),
    ("*1", "1:1: parse error: unexpected <op:*>"),
    ("1 and 1", "1:1: parse error: set operator \"and\" not allowed in binary scalar expression"),
    ("1 == 1", "1:3: parse error: comparisons between scalars must use BOOL modifier"),
    ("foo + bool bar", "1:5: parse error: bool modifier can only be used on comparison operators"),
    (
        "foo + on(a) group_left(a) b",
        "1:5: parse error: label \"a\" must not occur in ON and GROUP clause at once",
    ),
    ("foo and on(a) group_left b", "1:1: parse error: no grouping allowed for \"and\" operation"),
    ("1 + on(a) foo", "1:1: parse error: vector matching only allowed between instant vectors"),
    ("{}", "1:1: parse error: vector selector must contain at least one non-empty matcher"),
    (
        "{x=~\".*\"}",
        "1:1: parse error: vector selector must contain at least one non-empty matcher",
    ),
    (
        "foo{__name__=\"bar\"}",
        "1:1: parse error: metric name must not be set twice: \"foo\" or \"bar\"",
    ),
    (
        "foo{a}",
        "1:6: parse error: unexpected \"}\" in label matching, expected label matching operator",
    ),
    ("foo{a=1}", "1:7: parse error: unexpected character inside braces: '1'"),
    ("foo[0m]", "1:5: parse error: duration must be greater than 0"),
    ("foo[5m][5m]", "1:8: parse error: ranges only allowed for vector selectors"),
    (
        "foo[]",
        "1:5: parse error: unexpected \"]\" in subquery or range selector, expected number, duration, step(), or range()",
    ),
    ("foo offset 1m[5m]", "1:14: parse error: no offset modifiers allowed before range"),
    (
        "foo offset",
        "1:11: parse error: unexpected end of input in offset, expected number, duration, step(), or range()",
    ),
    ("foo offset 1m offset 2m", "1:1: parse error: offset may not be set multiple times"),
    ("foo @ 1 @ 2", "1:1: parse error: @ <timestamp> may not be set multiple times"),
    ("sum()", "1:1: parse error: no arguments for aggregate expression provided"),
    (
        "topk(foo)",
        "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1",
    ),
    (
        "sum(1)",
        "1:5: parse error: expected type instant vector in aggregation expression, got scalar",
    ),
    (
        "sum by foo (bar)",
        "1:8: parse error: unexpected identifier \"foo\" in grouping opts, expected \"(\"",
    ),
    ("none(foo)", "1:1: parse error: unknown function with name \"none\""),
    (
        "rate(foo)",
        "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector",
    ),
    ("floor()", "1:1: parse error: expected 1 argument(s) in call to \"floor\", got 0"),
    (
        "-foo[5m]",
        "1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"range vector\"",
    ),
    ("foo\n  bar", "2:3: parse error: unexpected identifier \"bar\""),
    (
        "info(foo, bar)",
        "1:11: parse error: expected label selectors only, got vector selector instead",
    ),
];

#[test]
fn a_faulty_text_is_refused_in_upstreams_words() {
    for (text, wanted) in REFUSED {
        assert_eq!(fault(text), *wanted, "{text}");
    }
}

#[test]
fn experimental_parts_are_refused_where_they_are_off() {
    for text in ["foo[5m] anchored", "a + fill(0) b", "limitk(1, foo)", "min_of(1, 2)"] {
        assert!(parse(text, &ParserOptions::default()).is_err(), "{text}");
        assert!(parse(text, &ParserOptions::ALL).is_ok(), "{text}");
    }
}

#[test]
fn every_type_fault_of_a_text_is_told() {
    let faults = parse("rate(foo) + sum(1) + {}", &ParserOptions::ALL).expect_err("faulty");
    assert_eq!(faults.faults.len(), 3);
}

#[test]
fn deep_nesting_is_refused_before_the_stack_ends() {
    for (open, close) in
        [("(", ")"), ("-", ""), ("sum(", ")"), ("1^", ""), ("foo[(", ")]"), ("a or ", "")]
    {
        let deep = format!("{}a{}", open.repeat(100_000), close.repeat(100_000));
        assert!(parse(&deep, &ParserOptions::ALL).is_err(), "{open}");
    }
    let wide = "a or ".repeat(490) + "a";
    let expr = parse(&wide, &ParserOptions::ALL).expect("a long chain reads");
    assert_eq!(expr.to_string(), wide);
    assert!(!pretty(&expr).is_empty());
}

#[test]
fn a_cut_or_mixed_text_never_panics() {
    let alphabet = [
        "foo", "{", "}", "(", ")", "[", "]", "5m", "1", "'", "\"", "\\x", "ä", "@", "offset", " ",
        "sum", "by", "on", "+", "-", "^", "fill", ":", ",", "=~", "rate", "step()", "#", "\n",
        "anchored",
    ];
    let mut state: u64 = 7;
    for _ in 0..50_000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let place = usize::try_from(state >> 33).unwrap_or(0) % alphabet.len();
            text.push_str(alphabet[place]);
        }
        if let Ok(expr) = parse(&text, &ParserOptions::ALL) {
            let printed = expr.to_string();
            let again = parse(&printed, &ParserOptions::ALL)
                .unwrap_or_else(|fault| panic!("{text} as {printed}: {fault}"));
            assert_eq!(again.to_string(), printed, "{text}");
        }
    }
}
