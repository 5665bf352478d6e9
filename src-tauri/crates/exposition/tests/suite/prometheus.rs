//! Prometheus text 0.0.4: the cases of upstream's `promparse_test.go` and our own.

use watchglass_exposition::{Format, ReadOptions};

use crate::shown::{fault, shown};

fn entries(text: &[u8]) -> Vec<String> {
    shown(text, Format::Text, ReadOptions::default())
}

#[test]
fn blanks_commas_comments_and_escapes_may_stand_where_upstream_lets_them() {
    let cases: [(&[u8], &[&str]); 22] = [
        (b"# HELP m A text.", &["help m \"A text.\""]),
        (b"# \tTYPE m summary\nm{quantile=\"0\"} 1", &["type m summary", "m{quantile=\"0.0\"} 1"]),
        (b"m{a=\"0.25\",} 7.5e-05", &["m{a=\"0.25\"} 0.000075"]),
        (b"m{ b=\"1\", a=\"2\" } 1", &["m{a=\"2\", b=\"1\"} 1"]),
        (b"m { b = \"1\" a = \"2\" } 1", &["m{a=\"2\", b=\"1\"} 1"]),
        (b"# Hrandom comment\n#\n\nm 1\n", &["m{} 1"]),
        (b"# HELP m\n# HELP n \n", &["help m \"\"", "help n \"\""]),
        (b"# HELP m a \\\\ \\n \\\" \\x", &["help m \"a \\\\ \\n \\\\\\\" \\\\x\""]),
        (b"some:rule:rate5m{a_b=\"c\"}\t1", &["some:rule:rate5m{a_b=\"c\"} 1"]),
        (b"m 33  \t123123", &["m{} 33 @123123"]),
        (b"_m{_l=\"foo\"} 1", &["_m{_l=\"foo\"} 1"]),
        (b"m{l=\"\\\"bar\\\"\"} 1", &["m{l=\"\\\"bar\\\"\"} 1"]),
        (b"# HELP m foo\0bar\nm{a=\"abc\0\"} 1", &["help m \"foo\\0bar\"", "m{a=\"abc\\0\"} 1"]),
        (b"m +Inf\nm -Inf\nm NaN\nm 1e3", &["m{} inf", "m{} -inf", "m{} NaN", "m{} 1000"]),
        (b"# TYPE m untyped\nm 1", &["type m unknown", "m{} 1"]),
        (b"{\"a.b\",c=\"d\"} 1", &["a.b{c=\"d\"} 1"]),
        (b"{ \"a.b\", c = \"1.0\", } 1", &["a.b{c=\"1.0\"} 1"]),
        (b"{c=\"d\",\"a.b\"} 1", &["a.b{c=\"d\"} 1"]),
        (b"# TYPE \"a.b\" gauge", &["type a.b gauge"]),
        (
            b"{\"a \\\"b\\\" {\\n}\",\"\xc3\xa9 \\\"n\\\"\"=\"6\"} 10.0",
            &["a \"b\" {\n}{\u{e9} \"n\"=\"6\"} 10"],
        ),
        (
            b"# TYPE m histogram\nm_bucket{le=\"1\"} 1",
            &["type m histogram", "m_bucket{le=\"1.0\"} 1"],
        ),
        (b"# TYPE m gauge\nm{le=\"1\"} 1", &["type m gauge", "m{le=\"1\"} 1"]),
    ];
    for (text, expected) in cases {
        assert_eq!(entries(text), expected, "{}", text.escape_ascii());
    }
}

const FAULTS: [(&[u8], &str); 29] = [
    (b"a", r#"expected value after metric, got "\n" ("INVALID") while parsing: "a\n""#),
    (b"a{b='c'} 1\n", r#"expected label value, got "'" ("INVALID") while parsing: "a{b='""#),
    (b"a{b=\n", r#"expected label value, got "\n" ("INVALID") while parsing: "a{b=\n""#),
    (
        b"a{\xff=\"foo\"} 1\n",
        r#"expected label name, got "\xff" ("INVALID") while parsing: "a{\xff""#,
    ),
    (b"a{b=\"\xff\"} 1\n", r#"invalid UTF-8 label value: "\"\xff\"""#),
    (
        b"{\"a\", \"b = \"c\"}",
        r#"expected equal, got "c\"" ("LNAME") while parsing: "{\"a\", \"b = \"c\"""#,
    ),
    (
        b"{\"a\",b\\nc=\"d\"} 1",
        r#"expected equal, got "\\" ("INVALID") while parsing: "{\"a\",b\\""#,
    ),
    (b"a true\n", r#"strconv.ParseFloat: parsing "true": invalid syntax while parsing: "a true""#),
    (
        b"something_weird{problem=\"",
        r#"expected label value, got "\"\n" ("INVALID") while parsing: "something_weird{problem=\"\n""#,
    ),
    (
        b"empty_label_name{=\"\"} 0",
        r#"expected label name, got "=\"" ("EQUAL") while parsing: "empty_label_name{=\"""#,
    ),
    (b"foo 1_2\n", r#"unsupported character in float while parsing: "foo 1_2""#),
    (b"foo 0x1p-3\n", r#"unsupported character in float while parsing: "foo 0x1p-3""#),
    (b"foo 0x1P-3\n", r#"unsupported character in float while parsing: "foo 0x1P-3""#),
    (
        b"foo 0 1_2\n",
        r#"expected next entry after timestamp, got "_" ("INVALID") while parsing: "foo 0 1_""#,
    ),
    (b"{a=\"ok\"} 1", r#"metric name not set while parsing: "{a=\"ok\"} 1""#),
    (
        b"# TYPE #\n#EOF\n",
        r##"expected metric name after TYPE, got "#" ("INVALID") while parsing: "# TYPE #""##,
    ),
    (
        b"# HELP #\n#EOF\n",
        r##"expected metric name after HELP, got "#" ("INVALID") while parsing: "# HELP #""##,
    ),
    (b"# TYPE m info\n", r#"invalid metric type "info""#),
    (b"{\"a\",\"b\"} 1", r#"metric name already set while parsing: "{\"a\",\"b\"}""#),
    (
        b"a 1e999",
        r#"strconv.ParseFloat: parsing "1e999": value out of range while parsing: "a 1e999""#,
    ),
    (
        b"a 1 99999999999999999999",
        r#"strconv.ParseInt: parsing "99999999999999999999": value out of range while parsing: "a 1 99999999999999999999""#,
    ),
    (b"# HELP a \xff", r#"help text "\xff" is not a valid utf8 string"#),
    (
        b"a{b=\0\"ssss\"} 1\n",
        r#"expected label value, got "\x00" ("INVALID") while parsing: "a{b=\x00""#,
    ),
    (
        b"a{b=\"\0",
        r#"expected label value, got "\"\x00\n" ("INVALID") while parsing: "a{b=\"\x00\n""#,
    ),
    (b"a{b\0=\"hiih\"}\t1", r#"expected equal, got "\x00" ("INVALID") while parsing: "a{b\x00""#),
    (
        b"a\0{b=\"ddd\"} 1",
        r#"expected value after metric, got "\x00" ("INVALID") while parsing: "a\x00""#,
    ),
    (
        b"a 0 1\0",
        r#"expected next entry after timestamp, got "\x00" ("INVALID") while parsing: "a 0 1\x00""#,
    ),
    (b"a 1 -5", r#"expected timestamp or new record, got "-" ("INVALID") while parsing: "a 1 -""#),
    (b"9 1", r#"expected a valid start token, got "9" ("INVALID") while parsing: "9""#),
];

#[test]
fn errors_read_as_upstreams() {
    for (text, expected) in FAULTS {
        assert_eq!(fault(text, Format::Text), expected, "{}", text.escape_ascii());
    }
}

#[test]
fn an_error_names_its_line_and_comes_after_what_was_read() {
    assert_eq!(
        entries(b"# HELP a x\n\na 1\nb\n"),
        [
            "help a \"x\"",
            "a{} 1",
            r#"line 4: expected value after metric, got "\n" ("INVALID") while parsing: "b\n""#
        ]
    );
}
