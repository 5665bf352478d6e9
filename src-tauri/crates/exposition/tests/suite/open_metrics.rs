//! `OpenMetrics` text: the cases of upstream's `openmetricsparse_test.go` and our own.

use watchglass_exposition::{Format, ReadOptions};

use crate::shown::{fault, shown};

fn with_starts(text: &str) -> Vec<String> {
    let options = ReadOptions { created_as_start: true, ..ReadOptions::default() };
    shown(format!("{text}# EOF\n").as_bytes(), Format::OpenMetrics, options)
}

#[test]
fn metadata_times_and_exemplars_are_read() {
    let text = "# HELP s_seconds A \\\"text\\\".\n# TYPE s_seconds summary\n# UNIT s_seconds seconds\n\
        s_seconds{quantile=\"0\"} 4.5e-05\n# UNIT nounit \ns_seconds_count 2.0 # {id=\"a\"} 1 123.321\n\
        g 33 123.123\n# TYPE h histogram\nh_bucket{le=\"1\"} 1 # {id=\"b\",x=\"#\"} 4\n# TYPE i info\n\
        {\"http.status\",q=\"0.9\"} 1 -1.5\nq 1 # {\"id.thing\"=\"c\"} 4\na{b=\"abc\0\"} 1\n";
    assert_eq!(
        with_starts(text),
        [
            "help s_seconds \"A \\\"text\\\".\"",
            "type s_seconds summary",
            "unit s_seconds \"seconds\"",
            "s_seconds{quantile=\"0.0\"} 0.000045",
            "unit nounit \"\"",
            "s_seconds_count{} 2 # {id=\"a\"} 1 @123321",
            "g{} 33 @123123",
            "type h histogram",
            "h_bucket{le=\"1.0\"} 1 # {id=\"b\", x=\"#\"} 4",
            "type i info",
            "http.status{q=\"0.9\"} 1 @-1500",
            "q{} 1 # {id.thing=\"c\"} 4",
            "a{b=\"abc\\0\"} 1",
        ]
    );
}

#[test]
fn created_lines_become_start_times_wherever_they_stand() {
    let text = "# TYPE foo counter\nfoo_total 17 1520879607.789 # {id=\"x\"} 5\nfoo_created 1520872607.123\n\
        foo_total{a=\"b\"} 17\nfoo_created{a=\"b\"} 1520872608\nfoo_total{le=\"1\"} 10\n\
        # TYPE bar histogram\nbar_created 7\nbar_bucket{le=\"0.0\"} 0\nbar_bucket{le=\"+Inf\"} 17\nbar_count 17\n\
        # TYPE yum summary\nyum_count 20\nyum_created 8.5\nyum{quantile=\"0.95\"} 123.7\n\
        # TYPE fizz_created gauge\nfizz_created 17\n";
    assert_eq!(
        with_starts(text),
        [
            "type foo counter",
            "foo_total{} 17 @1520879607789 from 1520872607123 # {id=\"x\"} 5",
            "foo_total{a=\"b\"} 17 from 1520872608000",
            "foo_total{le=\"1\"} 10",
            "type bar histogram",
            "bar_bucket{le=\"0.0\"} 0 from 7000",
            "bar_bucket{le=\"+Inf\"} 17 from 7000",
            "bar_count{} 17 from 7000",
            "type yum summary",
            "yum_count{} 20 from 8500",
            "yum{quantile=\"0.95\"} 123.7 from 8500",
            "type fizz_created gauge",
            "fizz_created{} 17",
        ]
    );
}

#[test]
fn created_lines_are_samples_unless_start_times_are_asked_for() {
    let text = b"# TYPE foo counter\nfoo_total 17\nfoo_created 5\n# EOF";
    assert_eq!(
        shown(text, Format::OpenMetrics, ReadOptions::default()),
        ["type foo counter", "foo_total{} 17", "foo_created{} 5"]
    );
}

const FAULTS_OF_LINES: [(&[u8], &str); 38] = [
    (b"", "data does not end with # EOF"),
    (b"a 1\n", "data does not end with # EOF"),
    (b"a 1", "data does not end with # EOF"),
    (b"a\n#EOF\n", r#"expected value after metric, got "\n" ("INVALID") while parsing: "a\n""#),
    (b"\n\n#EOF\n", r#"expected a valid start token, got "\n" ("INVALID") while parsing: "\n""#),
    (b" a 1\n#EOF\n", r#"expected a valid start token, got " " ("INVALID") while parsing: " ""#),
    (b"9\n#EOF\n", r#"expected a valid start token, got "9" ("INVALID") while parsing: "9""#),
    (b"# TYPE u untyped\n#EOF\n", r#"invalid metric type "untyped""#),
    (b"# TYPE c counter \n#EOF\n", r#"invalid metric type "counter ""#),
    (
        b"#  TYPE c counter\n#EOF\n",
        r##"expected a valid start token, got "#  " ("INVALID") while parsing: "#  ""##,
    ),
    (
        b"# TYPE \n#EOF\n",
        r##"expected metric name after TYPE, got "\n" ("INVALID") while parsing: "# TYPE \n""##,
    ),
    (b"# TYPE m\n#EOF\n", "expected text in TYPE"),
    (b"# UNIT metric suffix\n#EOF\n", r#"unit "suffix" not a suffix of metric "metric""#),
    (
        b"# UNIT metricsuffix suffix\n#EOF\n",
        r#"unit "suffix" not a suffix of metric "metricsuffix""#,
    ),
    (b"# UNIT m suffix\n#EOF\n", r#"unit "suffix" not a suffix of metric "m""#),
    (b"# UNIT m\n#EOF\n", "expected text in UNIT"),
    (
        b"# HELP \n#EOF\n",
        r##"expected metric name after HELP, got "\n" ("INVALID") while parsing: "# HELP \n""##,
    ),
    (b"# HELP m\n#EOF\n", "expected text in HELP"),
    (b"a\t1\n#EOF\n", r#"expected value after metric, got "\t" ("INVALID") while parsing: "a\t""#),
    (
        b"a 1\t2\n#EOF\n",
        r#"strconv.ParseFloat: parsing "1\t2": invalid syntax while parsing: "a 1\t2""#,
    ),
    (
        b"a 1 2 \n#EOF\n",
        r#"expected next entry after timestamp, got " \n" ("INVALID") while parsing: "a 1 2 \n""#,
    ),
    (
        b"a 1 2 #\n#EOF\n",
        r#"expected next entry after timestamp, got " #\n" ("TIMESTAMP") while parsing: "a 1 2 #\n""#,
    ),
    (
        b"a 1 1z\n#EOF\n",
        r#"strconv.ParseFloat: parsing "1z": invalid syntax while parsing: "a 1 1z""#,
    ),
    (b" # EOF\n", r#"expected a valid start token, got " " ("INVALID") while parsing: " ""#),
    (b"# EOF\na 1", "unexpected data after # EOF"),
    (b"# EOF\n\n", "unexpected data after # EOF"),
    (b"# EOFa 1", "unexpected data after # EOF"),
    (
        b"#\tTYPE c counter\n",
        r##"expected a valid start token, got "#\t" ("INVALID") while parsing: "#\t""##,
    ),
    (b"# TYPE c  counter\n", r#"invalid metric type " counter""#),
    (
        b"a 1 1 1\n# EOF\n",
        r#"expected next entry after timestamp, got " 1\n" ("TIMESTAMP") while parsing: "a 1 1 1\n""#,
    ),
    (b"foo 1_2\n\n# EOF\n", r#"unsupported character in float while parsing: "foo 1_2""#),
    (b"foo 0 1_2\n\n# EOF\n", r#"unsupported character in float while parsing: "foo 0 1_2""#),
    (b"a 1 NaN", "invalid timestamp NaN"),
    (b"a 1 -Inf", "invalid timestamp -Inf"),
    (b"a 1 Inf", "invalid timestamp +Inf"),
    (b"#", r##"expected a valid start token, got "#" ("INVALID") while parsing: "#""##),
    (b"# H", r##"expected a valid start token, got "# H" ("INVALID") while parsing: "# H""##),
    (b"a{b=\"\0\"} 1\n# EOF", "no error"),
];

#[test]
fn errors_of_lines_and_metadata_read_as_upstreams() {
    check(&FAULTS_OF_LINES);
}

const FAULTS_OF_LABELS: [(&[u8], &str); 32] = [
    (b"a{b='c'} 1\n# EOF\n", r#"expected label value, got "'" ("INVALID") while parsing: "a{b='""#),
    (b"a{,b=\"c\"} 1\n# EOF\n", r#"expected label name, got ",b" ("COMMA") while parsing: "a{,b""#),
    (
        b"a{b=\"c\"d=\"e\"} 1\n# EOF\n",
        r#"expected comma or brace close, got "d=" ("LNAME") while parsing: "a{b=\"c\"d=""#,
    ),
    (
        b"a{b=\"c\",,d=\"e\"} 1\n# EOF\n",
        r#"expected label name, got ",d" ("COMMA") while parsing: "a{b=\"c\",,d""#,
    ),
    (b"a{b=\n# EOF\n", r#"expected label value, got "\n" ("INVALID") while parsing: "a{b=\n""#),
    (
        b"a{\xff=\"foo\"} 1\n# EOF\n",
        r#"expected label name, got "\xff" ("INVALID") while parsing: "a{\xff""#,
    ),
    (b"a{b=\"\xff\"} 1\n# EOF\n", r#"invalid UTF-8 label value: "\"\xff\"""#),
    (
        b"{\"a\",\"b = \"c\"}\n# EOF\n",
        r#"expected equal, got "c\"" ("LNAME") while parsing: "{\"a\",\"b = \"c\"""#,
    ),
    (
        b"{\"a\",b\\nc=\"d\"} 1\n# EOF\n",
        r#"expected equal, got "\\" ("INVALID") while parsing: "{\"a\",b\\""#,
    ),
    (b"a true\n", r#"strconv.ParseFloat: parsing "true": invalid syntax while parsing: "a true""#),
    (
        b"w{problem=\"\n# EOF\n",
        r#"expected label value, got "\"\n" ("INVALID") while parsing: "w{problem=\"\n""#,
    ),
    (b"e{=\"\"} 0\n# EOF\n", r#"expected label name, got "=\"" ("EQUAL") while parsing: "e{=\"""#),
    (
        b"c 1 # {aa=bb}\n# EOF\n",
        r#"expected label value, got "b" ("INVALID") while parsing: "c 1 # {aa=b""#,
    ),
    (
        b"c 1 # {aa=\"bb\"}\n# EOF\n",
        r#"expected value after exemplar labels, got "\n" ("INVALID") while parsing: "c 1 # {aa=\"bb\"}\n""#,
    ),
    (
        b"c 1 # {aa=\"bb\"}",
        r#"expected value after exemplar labels, got "}" ("EOF") while parsing: "c 1 # {aa=\"bb\"}""#,
    ),
    (b"c 1 # {bb}", r#"expected label name, got "}" ("BCLOSE") while parsing: "c 1 # {bb}""#),
    (
        b"c 1 # {bb, a=\"dd\"}",
        r#"expected label name, got ", " ("COMMA") while parsing: "c 1 # {bb, ""#,
    ),
    (
        b"c 1 # {aa=\"bb\",,cc=\"dd\"} 1",
        r#"expected label name, got ",c" ("COMMA") while parsing: "c 1 # {aa=\"bb\",,c""#,
    ),
    (
        b"c 1 # {aa=\"bb\"} 1_2",
        r#"unsupported character in float while parsing: "c 1 # {aa=\"bb\"} 1_2""#,
    ),
    (
        b"c 1 # {aa=\"bb\"} 0x1p-3",
        r#"unsupported character in float while parsing: "c 1 # {aa=\"bb\"} 0x1p-3""#,
    ),
    (
        b"c 1 # {aa=\"bb\"} true",
        r#"strconv.ParseFloat: parsing "true": invalid syntax while parsing: "c 1 # {aa=\"bb\"} true""#,
    ),
    (
        b"c 1 # {aa=\"bb\",cc=}",
        r#"expected label value, got "}" ("INVALID") while parsing: "c 1 # {aa=\"bb\",cc=}""#,
    ),
    (
        b"c 1 # {aa=\\\"\\xff\\\"} 9.0",
        r#"expected label value, got "\\" ("INVALID") while parsing: "c 1 # {aa=\\""#,
    ),
    (b"{b=\"c\",} 1", r#"metric name not set while parsing: "{b=\"c\",} 1""#),
    (b"h 1 # {aa=\"bb\"} 4 NaN", "invalid exemplar timestamp NaN"),
    (b"h 1 # {aa=\"bb\"} 4 -Inf", "invalid exemplar timestamp -Inf"),
    (
        b"a{b=\0\"ssss\"} 1\n# EOF\n",
        r#"expected label value, got "\x00" ("INVALID") while parsing: "a{b=\x00""#,
    ),
    (b"a{b=\"\0", r#"expected label value, got "\"\x00" ("INVALID") while parsing: "a{b=\"\x00""#),
    (b"a{b\0=\"hiih\"}\t1", r#"expected equal, got "\x00" ("INVALID") while parsing: "a{b\x00""#),
    (
        b"a\0{b=\"ddd\"} 1",
        r#"expected value after metric, got "\x00" ("INVALID") while parsing: "a\x00""#,
    ),
    (
        b"c 1 # {b=\0\"ssss\"} 1\n",
        r#"expected label value, got "\x00" ("INVALID") while parsing: "c 1 # {b=\x00""#,
    ),
    (
        b"c 1 # {b=\"\0ss\"} 1\n",
        r#"expected label value, got "\"\x00" ("INVALID") while parsing: "c 1 # {b=\"\x00""#,
    ),
];

#[test]
fn errors_of_labels_and_exemplars_read_as_upstreams() {
    check(&FAULTS_OF_LABELS);
}

fn check(cases: &[(&[u8], &str)]) {
    for (text, expected) in cases {
        assert_eq!(fault(text, Format::OpenMetrics), *expected, "{}", text.escape_ascii());
    }
}
