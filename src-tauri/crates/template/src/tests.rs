//! Templates as Go's documentation describes them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Bounds, Fields, Functions, Template, Value};

struct Labels(BTreeMap<&'static str, &'static str>);

impl Fields for Labels {
    fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0.get(name).map(|value| Cow::Borrowed(*value))
    }

    fn pairs(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }
}

fn data() -> Value<'static> {
    let list = Value::list(["a", "b", "c"].map(Value::text).to_vec());
    let inner =
        BTreeMap::from([("x".to_owned(), Value::Int(7)), ("y".to_owned(), Value::text("z"))]);
    Value::Map(Arc::new(BTreeMap::from([
        ("list".to_owned(), list),
        ("map".to_owned(), Value::Map(Arc::new(inner))),
        ("text".to_owned(), Value::text("hello")),
        ("empty".to_owned(), Value::text("")),
        ("int".to_owned(), Value::Int(3)),
        ("float".to_owned(), Value::Float(1_234_567.0)),
        ("nothing".to_owned(), Value::Nil),
    ])))
}

fn functions() -> Functions {
    Functions::new([(
        "upper",
        (|arguments| {
            crate::text_argument(arguments, 0).map(|text| Value::text(text.to_uppercase()))
        }) as crate::Call,
    )])
    .bind("line")
    .with("fails", |_| Err("no".to_owned()))
}

fn rendered(source: &str) -> Result<String, String> {
    let template = Template::parse("t", source, &functions()).map_err(|fault| fault.to_string())?;
    let bound = [("line", Value::text("the line"))];
    template.render(&data(), &bound, &Bounds::default()).map_err(|fault| fault.to_string())
}

#[test]
fn templates_write_what_go_writes() {
    for (source, written) in [
        ("plain", "plain"),
        ("{{ .text }}", "hello"),
        ("{{.map.x}}{{ .map.y }}", "7z"),
        ("{{ .float }} {{ .int }}", "1.234567e+06 3"),
        ("{{ .missing }}|{{ .nothing }}", "<no value>|<no value>"),
        ("{{ .list }} {{ .map }}", "[a b c] map[x:7 y:z]"),
        ("a {{- .int -}} b", "a3b"),
        ("a {{- /* nothing */ -}} b", "ab"),
        ("{{/* a comment */}}x", "x"),
        ("{{ -3 }}", "-3"),
        ("{{ line }}", "the line"),
        ("{{ upper .text }}{{ .text | upper }}", "HELLOHELLO"),
        ("{{ if .empty }}a{{ else if .text }}b{{ else }}c{{ end }}", "b"),
        ("{{ if not .empty }}a{{ end }}", "a"),
        ("{{ with .map }}{{ .x }}{{ $.int }}{{ end }}", "73"),
        ("{{ with .empty }}a{{ else with .text }}{{ . }}{{ else }}b{{ end }}", "hello"),
        ("{{ range .list }}{{ . }},{{ end }}", "a,b,c,"),
        ("{{ range $i, $e := .list }}{{ $i }}{{ $e }}{{ end }}", "0a1b2c"),
        ("{{ range $k, $v := .map }}{{ $k }}={{ $v }};{{ end }}", "x=7;y=z;"),
        ("{{ range .nothing }}a{{ else }}none{{ end }}", "none"),
        ("{{ range 3 }}{{ . }}{{ end }}", "012"),
        ("{{ range .list }}{{ if eq . \"b\" }}{{ break }}{{ end }}{{ . }}{{ end }}", "a"),
        ("{{ range .list }}{{ if eq . \"b\" }}{{ continue }}{{ end }}{{ . }}{{ end }}", "ac"),
        ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ $x }}{{ end }}{{ $x }}", "32"),
        ("{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .int }}", "<3>"),
        ("{{ template \"d\" }}{{ define \"d\" }}{{ . }}{{ end }}", "<no value>"),
        ("{{ block \"b\" .text }}[{{ . }}]{{ end }}", "[hello]"),
        ("{{ (index .list 1) }}{{ index .map \"x\" }}", "b7"),
        ("{{ slice .text 1 3 }} {{ slice .list 1 }} {{ len .text }}", "el [b c] 5"),
        ("{{ and 1 0 2 }} {{ or 0 \"x\" }} {{ and 1 2 }}", "0 x 2"),
        ("{{ or .text fails }}", "hello"),
        (
            "{{ eq .int 1 2 3 }} {{ ne .text \"x\" }} {{ lt 1 2 }} {{ ge 1.5 1.5 }}",
            "true true true true",
        ),
        ("{{ print 1 2 \"a\" 3 }} {{ println \"a\" 1 }}", "1 2a3 a 1\n"),
        (
            "{{ html \"<a href='x'>\" }} {{ js \"it's <b>\" }} {{ urlquery \"a b&c\" }}",
            "&lt;a href=&#39;x&#39;&gt; it\\'s \\u003Cb\\u003E a+b%26c",
        ),
        ("{{ 'a' }} {{ 0x10 }} {{ 1_000 }} {{ 1e3 }} {{ `raw\\n` }}", "97 16 1000 1000 raw\\n"),
        ("{{ \"q\\t\\u00e9\" }}", "q\té"),
        ("{{ printf \"%d-%s\" .int .text | upper }}", "3-HELLO"),
        ("{{ (.map).x }}", "7"),
        ("{{ \"}}\" }}", "}}"),
    ] {
        assert_eq!(rendered(source).as_deref(), Ok(written), "{source}");
    }
}

#[test]
fn printf_has_the_verbs_and_flags_of_go() {
    for (call, written) in [
        (r#"printf "%v %v %v" 1 "a" 1.5"#, "1 a 1.5"),
        (r#"printf "%5d|%-5d|%05d|%+d|% d" 42 42 42 42 42"#, "   42|42   |00042|+42| 42"),
        (r#"printf "%x %X %#x %o %b %c %U" 255 255 255 8 5 65 65"#, "ff FF 0xff 10 101 A U+0041"),
        (
            r#"printf "%.2f %8.3f %-8.1f| %e %g" 3.14159 3.14159 3.14159 15.0 0.00001"#,
            "3.14    3.142 3.1     | 1.500000e+01 1e-05",
        ),
        (r#"printf "%.3g %.3g" 1234567.0 0.5"#, "1.23e+06 0.5"),
        (
            r#"printf "%s %q %x %.2s|%5s|%-5s|" "hi" "a\"b" "hi" "hello" "ab" "ab""#,
            "hi \"a\\\"b\" 6869 he|   ab|ab   |",
        ),
        (r#"printf "%t %T %T" true 1 "a""#, "true int string"),
        (r#"printf "%d" "x""#, "%!d(string=x)"),
        (r#"printf "%s" 5"#, "%!s(int=5)"),
        (r#"printf "%d %d" 1"#, "1 %!d(MISSING)"),
        (r#"printf "%d" 1 2"#, "1%!(EXTRA int=2)"),
        (r#"printf "%[2]d %[1]d" 1 2"#, "2 1"),
        (r#"printf "%*d" 5 42"#, "   42"),
        (r#"printf "100%%""#, "100%"),
        (r#"printf "%""#, "%!(NOVERB)"),
        (r#"printf "%08.3f" -3.14159"#, "-003.142"),
        (r#"printf "%v" nil"#, "<nil>"),
    ] {
        assert_eq!(rendered(&format!("{{{{ {call} }}}}")).as_deref(), Ok(written), "{call}");
    }
}

#[test]
fn faults_of_reading_are_gos() {
    for (source, fault) in [
        ("{{", "template: t:1: unclosed action"),
        ("a\n{{ .x", "template: t:2: unclosed action"),
        ("{{ }}", "template: t:1: missing value for command"),
        ("{{ foo }}", "template: t:1: function \"foo\" not defined"),
        ("{{ $x }}", "template: t:1: undefined variable \"$x\""),
        ("{{ if .x }}", "template: t:1: unexpected EOF"),
        ("{{ end }}", "template: t:1: unexpected {{end}}"),
        ("{{ else }}", "template: t:1: unexpected {{else}}"),
        ("{{ break }}", "template: t:1: {{break}} outside {{range}}"),
        ("{{ \"a }}", "template: t:1: unterminated quoted string"),
        ("{{ (1 }}", "template: t:1: unclosed left paren"),
        ("{{ 1 | 2 }}", "template: t:1: non executable command in pipeline stage 2"),
        ("{{/* x }}", "template: t:1: unclosed comment"),
        ("{{ .a ! }}", "template: t:1: unexpected bad character U+0021 '!' in command"),
        ("{{ 1a }}", "template: t:1: bad number syntax: \"1a\""),
        ("{{ if .x }}{{ $y := 1 }}{{ end }}{{ $y }}", "template: t:1: undefined variable \"$y\""),
    ] {
        assert_eq!(rendered(source).unwrap_err(), fault, "{source}");
    }
}

#[test]
fn faults_of_running_say_where_and_what() {
    for (source, fault) in [
        (
            "{{ .text.x }}",
            "template: t:1:4: executing \"t\" at <.text.x>: can't evaluate field x in type string",
        ),
        (
            "{{ eq .int 1.0 }}",
            "template: t:1:4: executing \"t\" at <eq .int 1.0>: error calling eq: incompatible types for comparison",
        ),
        ("\n  {{ fails }}", "template: t:2:6: executing \"t\" at <fails>: error calling fails: no"),
        (
            "{{ index .list 3 }}",
            "template: t:1:4: executing \"t\" at <index .list 3>: error calling index: index out of range: 3",
        ),
        (
            "{{ upper 1 }}",
            "template: t:1:4: executing \"t\" at <upper 1>: wrong type for value; expected string; got int",
        ),
        (
            "{{ range .text }}{{ end }}",
            "template: t:1:10: executing \"t\" at <.text>: range can't iterate over hello",
        ),
        (
            "{{ template \"x\" }}",
            "template: t:1:13: executing \"t\" at <\"x\">: template \"x\" not defined",
        ),
        (
            "{{ .text 1 }}",
            "template: t:1:4: executing \"t\" at <.text 1>: text is not a method but has arguments",
        ),
        (
            "{{ not }}",
            "template: t:1:4: executing \"t\" at <not>: wrong number of args for not: want 1 got 0",
        ),
    ] {
        assert_eq!(rendered(source).unwrap_err(), fault, "{source}");
    }
}

#[test]
fn a_template_that_runs_away_ends_with_a_fault() {
    for source in [
        "{{ define \"d\" }}{{ template \"d\" }}{{ end }}{{ template \"d\" }}",
        "{{ range 1000000000 }}{{ range 1000000000 }}{{ end }}{{ end }}",
        "{{ range 50000 }}{{ printf \"%100d\" 1 }}{{ end }}",
        "{{ $x := \"ab\" }}{{ range 1000 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}",
        "{{ printf \"%2000000d\" 1 }}{{ printf \"%2000000d\" 1 }}",
    ] {
        assert!(rendered(source).is_err(), "{source}");
    }
    let deep = "(".repeat(10_000) + "1" + &")".repeat(10_000);
    assert!(rendered(&format!("{{{{ {deep} }}}}")).is_err());
    assert!(rendered(&"{{ if 1 }}".repeat(10_000)).is_err());
}

#[test]
fn a_missing_label_reads_as_empty() {
    let labels = Labels(BTreeMap::from([("job", "api")]));
    let template = Template::parse("t", "{{ .job }}|{{ .none }}|{{ . }}", &Functions::default());
    let written = template.unwrap().render(&Value::Fields(&labels), &[], &Bounds::default());
    assert_eq!(written.unwrap(), "api||map[job:api]");
}

#[test]
fn the_fields_that_a_template_reads_are_known() {
    let read = |source| Template::parse("t", source, &functions()).unwrap().fields();
    assert_eq!(
        read("{{ .a }}{{ if .b.c }}{{ $.d }}{{ end }}"),
        (vec!["a".to_owned(), "b".to_owned(), "d".to_owned()], false)
    );
    assert_eq!(read("{{ . }}"), (Vec::new(), true));
}
