//! Patterns against texts, with what Go's `regexp` says about them.

use super::*;

/// Patterns, texts that match the whole, and texts that do not. Most are shapes from Prometheus'
/// `model/labels/regexp_test.go`; the rest are where the `regex` crate alone would differ from Go.
const WHOLE: &[(&str, &[&str], &[&str])] = &[
    ("", &[""], &["foo", "\n"]),
    ("foo", &["foo"], &["", "FOO", "foo\n", "\nfoo", "bfoo"]),
    ("^foo", &["foo"], &["foofoo", "\nfoo"]),
    ("(foo|bar)", &["foo", "bar"], &["", "bar foo", "foobar"]),
    ("foo.*", &["foo", "foo\n", "foofoo0"], &["bfoo", "fo"]),
    (".*foo", &["foo", "\nfoo", "bfoo"], &["foo\n", "FOO"]),
    ("^.*foo$", &["foo", "\nfoo"], &["foo\n"]),
    ("^.+foo$", &["bfoo", "\nfoo"], &["foo", ""]),
    (".?", &["", "\n", "x", "😀"], &["xx"]),
    (".*", &["", "\n", "hello foo\n world"], &[]),
    (".+", &["\n", "foo"], &[""]),
    ("foo.+", &["foo\n", "foofoo"], &["foo"]),
    ("foo\n.+", &["foo\nx"], &["foo\n", "foo"]),
    (".*foo.*", &["foo", "hello foo\n world"], &["FOO", "fo"]),
    (".*foo.*|", &["", "foo"], &["bar"]),
    ("(?i).*foo.*", &["fOo", "xFOOx"], &["fo"]),
    ("foo.*|.*bar.*", &["foox", "xbarx", "bar foo"], &["xfoo"]),
    (".+.*foo.*|.*bar.*", &["xfoo", "bar"], &["foo"]),
    ("(?s:.*)", &["", "a\nb"], &[]),
    ("(?-s:.*)", &["", "ab"], &["a\nb"]),
    ("(?-s).*", &["ab"], &["a\nb"]),
    ("(?i:(foo1|foo2|bar))", &["FOO1", "bAr"], &["foo", "foo3"]),
    ("^(?i:foo|oo)|(bar)$", &["fOO", "Oo", "bar"], &["BAR"]),
    ("((.*)(bar|b|buzz)(.+)|foo)$", &["foo", "xbary", "buzz\nbar"], &["x", "b"]),
    ("^$", &[""], &["\n", "x"]),
    ("(prometheus|api_prom)_api_v1_.+", &["prometheus_api_v1_foo"], &["prometheus_api_v1_"]),
    (r"10\.0\.(1|2)\.+", &["10.0.1...", "10.0.2."], &["10.0.1.20", "10x0.1."]),
    ("10\\.0\\.(1|2).+", &["10.0.1.20", "10.0.23"], &["10.0.3.30"]),
    ("((fo(bar))|.+foo)", &["fobar", "xfoo"], &["foo"]),
    ("fo.?", &["fo", "foo", "fo\n"], &["fooo"]),
    ("f.?o", &["fo", "foo", "f\no"], &["fxxo"]),
    ("foo.?|bar", &["foo", "foox", "bar"], &["barx"]),
    ("ſſs", &["ſſs"], &["ſſS", "sss"]),
    ("(?i)ſſs", &["ſſS", "SSſ", "sss"], &["ss"]),
    ("(?i)k", &["k", "K", "\u{212A}"], &["x"]),
    (".*-.*-.*-.*-.*", &["a-b-c-d-e", "----"], &["a-b-c-d"]),
    (".+-.*-.*-.*-.+", &["a-b-c-d-e", "aaaaaa----eeeeee"], &["----", "-a-a-a-"]),
    (r".*\|(foo)\|.*", &["x|foo|y"], &["|foo-bar|"]),
    ("((.*))(?i:f)((.*))o((.*))o((.*))", &["Foo", "xfoxox"], &["fOo"]),
    ("a(?i)b|c", &["ab", "aB", "c", "C"], &["Ab"]),
    ("(a(?i)b)c", &["aBc"], &["aBC"]),
    ("(?i)foo|bar|baz", &["FOO", "Baz"], &["ba"]),
    ("api|(?i)rpc", &["api", "RPC"], &["API"]),
    ("(?i)rpc|(?-i)api", &["RPC", "api"], &["API"]),
    ("(?)a", &["a"], &["A"]),
    ("(?ii)a", &["A"], &["b"]),
    (r"\d+", &["019"], &["٣", "a", ""]),
    (r"\D", &["٣", "a"], &["1"]),
    (r"\w+", &["aZ_9"], &["é", "a-b"]),
    (r"\W", &["é", "-"], &["_"]),
    (r"(?i)\w", &["\u{17F}", "\u{212A}"], &["é"]),
    (r"(?i)\W", &["é"], &["\u{17F}", "k"]),
    (r"\s", &[" ", "\t", "\r", "\x0C"], &["\x0B", "\u{A0}", "x"]),
    (r"[\d\s]", &["1", " "], &["٣", "\u{A0}"]),
    (r"[^\D5]", &["1"], &["5", "٣"]),
    (r"é\bx", &["éx"], &["ex"]),
    (r"a\Bb", &["ab"], &["a b"]),
    (r"é\Bé", &["éé"], &["eé"]),
    (r"\Qa.b*\E+", &["a.b*", "a.b***"], &["axb", "a.b*a.b*"]),
    (r"\Qa|b\E", &["a|b"], &["a", "b"]),
    (r"a*\Q\E*", &["", "aaa"], &["b"]),
    ("a{,2}", &["a{,2}"], &["a", "aa"]),
    ("a{", &["a{"], &["a"]),
    ("{", &["{"], &[""]),
    ("b|a{1", &["a{1"], &["a"]),
    ("a{01}", &["a{01}"], &["a"]),
    ("x{2}", &["xx"], &["x", "x{2}"]),
    ("x{2,}?", &["xx", "xxxx"], &["x"]),
    ("(x{2}){2}", &["xxxx"], &["xx"]),
    ("a(?i)*b", &["b", "aaB"], &["Ab"]),
    ("[[]", &["["], &["]"]),
    ("[]a]", &["]", "a"], &["[", "b"]),
    ("[^]a]", &["b", "\n"], &["]", "a"]),
    ("[a&&b]", &["a", "b", "&"], &["c", ""]),
    ("[a~~b]", &["a", "b", "~"], &["c"]),
    ("[a-]", &["a", "-"], &["b"]),
    ("[-1-2][a-c]", &["-a", "2c"], &["3a"]),
    ("[1^3]", &["1", "3", "^"], &["2"]),
    ("[[:alpha:]_-]+", &["aZ_-"], &["é", "1"]),
    ("[[:^alpha:]]", &["1", "é"], &["a"]),
    ("[[:word:]]", &["_"], &["-"]),
    ("[[:a]", &["[", ":", "a"], &["b"]),
    (r"[\]\\\-x]+", &[r"]\-x"], &["["]),
    (r"[\x41-\x43]", &["A", "C"], &["D"]),
    (r"\<foo\>", &["<foo>"], &["foo"]),
    (r"\_\-\/\ ", &["_-/ "], &["_- "]),
    (r"\x41\x{1F600}\101\0", &["A😀A\0"], &["A"]),
    (r"\a\f\n\r\t\v", &["\x07\x0C\n\r\t\x0B"], &[""]),
    (r"\Aa\z", &["a"], &["a\n"]),
    ("(?m:^a$)\n(?m:^b$)", &["a\nb"], &["ab"]),
    (r"\pN+", &["1٣Ⅷ"], &["a"]),
    (r"\PN", &["a"], &["1"]),
    (r"\p{Greek}+", &["αβγ"], &["abc"]),
    (r"\p{^Greek}", &["a"], &["α"]),
    (r"\P{^Greek}", &["α"], &["a"]),
    (r"[\pL\d]+", &["aé1"], &["-"]),
    (r"\p{Lu}(?i)\p{Lu}", &["AA", "Aa"], &["aA"]),
    (r"\p{Any}", &["\n", "x"], &[""]),
    (r"[^\x00-\x{10FFFF}]|x", &["x"], &["y", ""]),
    (r"\x{D800}|x", &["x"], &["", "\u{FFFD}"]),
    ("(?P<n>a)(?<n>b)(?P<1x>c)", &["abc"], &["ab"]),
    ("(?U)a+", &["aaa"], &[""]),
    ("(|a)*", &["", "aa"], &["b"]),
    ("a|^*", &["a", ""], &["b"]),
    ("release-?(v1|v2)?", &["release", "release-", "releasev1", "release-v2"], &["v1"]),
];

#[test]
fn patterns_match_what_go_matches() {
    for (source, matching, others) in WHOLE {
        let pattern = Pattern::anchored(source).unwrap();
        for text in *matching {
            assert!(pattern.matches(text), "{source:?} does not match {text:?}");
        }
        for text in *others {
            assert!(!pattern.matches(text), "{source:?} matches {text:?}");
        }
    }
}

/// Every shape must say what the regular expression itself would say.
#[test]
fn plain_shapes_change_no_answer() {
    let texts: Vec<_> =
        WHOLE.iter().flat_map(|(_, some, others)| some.iter().chain(*others)).collect();
    for (source, ..) in WHOLE {
        let shaped = Pattern::anchored(source).unwrap();
        let whole = Pattern::within("^(?s:", source, ")$").unwrap();
        for text in &texts {
            assert_eq!(shaped.matches(text), whole.matches(text), "{source:?} on {text:?}");
        }
    }
}

#[test]
fn literals_are_all_texts_that_match() {
    let cases: &[(&str, &[&str])] = &[
        ("foo", &["foo"]),
        ("^foo$", &["foo"]),
        ("foo|bar|baz|(zz)", &["bar", "baz", "foo", "zz"]),
        ("bar|b|buzz", &["b", "bar", "buzz"]),
        ("^((bar|b|buzz))$", &["b", "bar", "buzz"]),
        ("^(?:prod|production)$", &["prod", "production"]),
        (r"fo\.o|bar\?|\^baz", &["^baz", "bar?", "fo.o"]),
        ("[abc]d", &["ad", "bd", "cd"]),
        ("(api|rpc)_(v1|prom)", &["api_prom", "api_v1", "rpc_prom", "rpc_v1"]),
        ("https?", &["http", "https"]),
        ("|a", &["", "a"]),
        ("(?i)ab", &["AB", "Ab", "aB", "ab"]),
    ];
    for (source, expected) in cases {
        let pattern = Pattern::anchored(source).unwrap();
        let literals = pattern.literals().unwrap_or_else(|| panic!("{source} has no literals"));
        assert_eq!(literals, *expected, "{source}");
    }
    for source in
        ["(bar|b|b^uz$z)", "(.+)/(foo|bar)", "fo.o|bar?", "(api|rpc)_[^0-9]", "[a-z]{5}", "a*"]
    {
        assert_eq!(Pattern::anchored(source).unwrap().literals(), None, "{source}");
    }
}

#[test]
fn a_prefix_is_all_that_some_patterns_ask_for() {
    for (source, prefix) in [("foo.*", "foo"), ("^foo.*$", "foo"), ("(foo)(.*)", "foo")] {
        assert_eq!(Pattern::anchored(source).unwrap().prefix(), Some(prefix), "{source}");
    }
    for source in ["foo", ".*", "foo.+", "(a|b).*", "(?-s)foo.*"] {
        assert_eq!(Pattern::anchored(source).unwrap().prefix(), None, "{source}");
    }
}

#[test]
fn faults_come_in_the_words_of_go() {
    let cases = [
        ("(foo", "missing closing ): `(foo`"),
        ("foo)", "unexpected ): `foo)`"),
        ("a)(b", "unexpected ): `a)(b`"),
        ("[a", "missing closing ]: `[a`"),
        ("x[a-", "missing closing ]: `[a-`"),
        ("[]", "missing closing ]: `[]`"),
        ("[b-a]", "invalid character class range: `b-a`"),
        ("[a--b]", "invalid character class range: `a--`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        (r"\p{Foo}x", r"invalid character class range: `\p{Foo}`"),
        (r"\p{Greek", r"invalid character class range: `\p{Greek`"),
        (r"\pX1", r"invalid character class range: `\pX`"),
        (r"\p", r"invalid character class range: `\p`"),
        (r"\p{Alphabetic}", r"invalid character class range: `\p{Alphabetic}`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("+?a", "missing argument to repetition operator: `+?`"),
        ("(?i)*", "missing argument to repetition operator: `*`"),
        ("a|*", "missing argument to repetition operator: `*`"),
        ("(*)", "missing argument to repetition operator: `*`"),
        ("{2}", "missing argument to repetition operator: `{2}`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a*+?b", "invalid nested repetition operator: `*+?`"),
        ("x{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{99999999999}", "invalid repeat count: `{99999999999}`"),
        ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("((a{100}){10}){2}", "invalid repeat count: `{2}`"),
        ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?i-)a", "invalid or unsupported Perl syntax: `(?i-)`"),
        ("(?--i)a", "invalid or unsupported Perl syntax: `(?--`"),
        ("(?i", "invalid or unsupported Perl syntax: `(?i`"),
        ("(?P=n)", "invalid or unsupported Perl syntax: `(?P`"),
        ("(?<!a)", "invalid named capture: `(?<!a)`"),
        ("(?P<n", "invalid named capture: `(?P<n`"),
        ("(?P<x y>a)", "invalid named capture: `(?P<x y>`"),
        ("(?P<>a)", "invalid named capture: `(?P<>`"),
        (r"a\", "trailing backslash at end of expression: ``"),
        (r"\C", r"invalid escape sequence: `\C`"),
        (r"\8", r"invalid escape sequence: `\8`"),
        (r"(a)\1", r"invalid escape sequence: `\1`"),
        (r"\Z", r"invalid escape sequence: `\Z`"),
        (r"\éa", r"invalid escape sequence: `\é`"),
        (r"[\b]", r"invalid escape sequence: `\b`"),
        (r"\x", r"invalid escape sequence: `\x`"),
        (r"\xg1", r"invalid escape sequence: `\xg1`"),
        (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
        (r"\x{}", r"invalid escape sequence: `\x{}`"),
    ];
    for (source, fault) in cases {
        let found =
            Pattern::anchored(source).map(|one| one.compiled.map(|regex| regex.to_string()));
        assert_eq!(found, Err(PatternFault(fault.to_owned())), "{source}");
    }
}

#[test]
fn patterns_with_text_around_are_read_as_one_text() {
    let relabel = |source| Pattern::within("^(?s:", source, ")$");
    assert!(relabel("fo.").unwrap().matches("fo\n"));
    assert!(!Pattern::within("^(?:", "fo.", ")$").unwrap().matches("fo\n"));
    assert!(relabel("a)(b").unwrap().matches("ab"));
    let fault = relabel("(a").unwrap_err();
    assert_eq!(fault.to_string(), "error parsing regexp: missing closing ): `^(?s:(a)$`");
}

#[test]
fn unanchored_patterns_match_anywhere() {
    let pattern = Pattern::unanchored("o.b", false).unwrap();
    assert!(pattern.matches("foo bar") && !pattern.matches("o\nb"));
    assert!(Pattern::unanchored("o.b", true).unwrap().matches("fo\nb"));
}

#[test]
fn templates_expand_as_in_go() {
    let cases = [
        ("(.*)-(?P<last>.*)", "a-b", "$2-$1", "b-a"),
        ("(.*)-(?P<last>.*)", "a-b", "${last}$last", "bb"),
        ("(.*)-(.*)", "a-b", "$1x", ""),
        ("(.*)-(.*)", "a-b", "${1}x", "ax"),
        ("(.*)-(.*)", "a-b", "$10", ""),
        ("(.*)-(.*)", "a-b", "$01", ""),
        ("(.*)-(.*)", "a-b", "$0", "a-b"),
        ("(.*)-(.*)", "a-b", "$$1", "$1"),
        ("(.*)-(.*)", "a-b", "$", "$"),
        ("(.*)-(.*)", "a-b", "${1", "${1"),
        ("(.*)-(.*)", "a-b", "$-${}", "$-${}"),
        ("(a)|(b)", "b", "[$1][$2]", "[][b]"),
        ("a-b", "a-b", "<$0$1>", "<a-b>"),
        ("(?P<n>x)?(?P<n>a)", "a", "$n", "a"),
    ];
    for (source, text, template, expected) in cases {
        let relabel = Pattern::within("^(?s:", source, ")$").unwrap();
        let found =
            [relabel, Pattern::anchored(source).unwrap()].map(|one| one.expand(text, template));
        assert_eq!(
            found,
            [Some(expected.to_owned()), Some(expected.to_owned())],
            "{source} {template}"
        );
    }
    assert_eq!(Pattern::anchored("a").unwrap().expand("b", "$0"), None);
}

#[test]
fn what_is_too_big_is_refused_and_does_not_fill_the_stack() {
    let fault = |source: &str| Pattern::anchored(source).unwrap_err().0;
    assert!(fault(r"((\pL{100}){10}\pN){1}(\pL{1000})+").starts_with("expression too large"));
    for depth in [400, 100_000] {
        let deep = "(".repeat(depth) + "a*" + &")*".repeat(depth);
        assert!(fault(&deep).starts_with("expression nests too deeply"), "{depth}");
    }
    let stacked = "a".to_owned() + &r"*\Q\E".repeat(50_000);
    assert!(fault(&stacked).starts_with("expression nests too deeply"));
    let deep = "(".repeat(100) + "a*" + &")*".repeat(100);
    assert!(Pattern::anchored(&deep).unwrap().matches("aa"));
}

#[test]
fn long_alternations_need_no_regular_expression() {
    let names: Vec<_> = (0..5_000).map(|number| format!("pod-{number}")).collect();
    let pattern = Pattern::anchored(&names.join("|")).unwrap();
    assert!(pattern.compiled.is_none());
    assert_eq!(pattern.literals().map(<[_]>::len), Some(5_000));
    assert!(pattern.matches("pod-4999") && !pattern.matches("pod-5000"));
}
