//! Upstream's cases (`relabel_test.go`) as a table, and what this crate adds: steps.

use watchglass_model::{Labels, LabelsBuilder};

use super::check::is_legacy_template;
use super::{RelabelRule, relabel, relabel_steps};
use crate::fault::{Faults, Reading};
use crate::names::Names;
use crate::yaml::{Fields, tree};

fn read(yaml: &str, names: Names) -> Result<Vec<RelabelRule>, Faults> {
    let (node, reading) = (tree(yaml)?, Reading::default());
    let fields = Fields::of(&node, "test", &reading);
    let rules = RelabelRule::all(&fields, "rules", "empty rule", names);
    reading.verdict(rules)
}

/// `a=foo b=bar` as labels.
fn labels(text: &str) -> Labels {
    Labels::from_pairs(text.split(' ').filter_map(|pair| pair.split_once('=')))
}

/// Labels, rules, and the labels that remain; none where the set is dropped.
const CASES: &[(&str, &str, Option<&str>)] = &[
    (
        "a=foo b=bar c=baz",
        "[{source_labels: [a], regex: f(.*), target_label: d, replacement: 'ch${1}-ch${1}'}]",
        Some("a=foo b=bar c=baz d=choo-choo"),
    ),
    (
        "a=foo b=bar c=baz",
        "[{source_labels: [a, b], regex: f(.*);(.*)r, target_label: a, replacement: 'b${1}${2}m'},
          {source_labels: [c, a], regex: (b).*b(.*)ba(.*), target_label: d, replacement: $1$2$2$3}]",
        Some("a=boobam b=bar c=baz d=boooom"),
    ),
    (
        "a=foo",
        "[{source_labels: [a], regex: .*o.*, action: drop}, {source_labels: [a], regex: f(.*), target_label: d}]",
        None,
    ),
    ("a=foo b=bar", "[{source_labels: [a], regex: .*o.*, action: drop}]", None),
    (
        "a=abc",
        "[{source_labels: [a], regex: .*(b).*, target_label: d}]",
        Some("a=abc d=b"),
    ),
    ("a=foo", "[{source_labels: [a], regex: no-match, action: drop}]", Some("a=foo")),
    ("a=foo", "[{source_labels: [a], regex: f|o, action: drop}]", Some("a=foo")),
    ("a=foo", "[{source_labels: [a], regex: no-match, action: keep}]", None),
    ("a=foo", "[{source_labels: [a], regex: f.*, action: keep}]", Some("a=foo")),
    (
        "a=boo",
        "[{source_labels: [a], regex: f, target_label: b, replacement: bar}]",
        Some("a=boo"),
    ),
    (
        "a=foo b=bar c=baz",
        "[{source_labels: [c], target_label: d, action: hashmod, modulus: 1000}]",
        Some("a=foo b=bar c=baz d=976"),
    ),
    (
        "a=foo\nbar",
        "[{source_labels: [a], target_label: b, action: hashmod, modulus: 1000}]",
        Some("a=foo\nbar b=734"),
    ),
    (
        "a=foo b1=bar b2=baz",
        "[{regex: (b.*), replacement: 'bar_${1}', action: labelmap}]",
        Some("a=foo b1=bar b2=baz bar_b1=bar bar_b2=baz"),
    ),
    (
        "a=foo __meta_my_bar=aaa __meta_my_baz=bbb __meta_other=ccc",
        "[{regex: __meta_(my.*), replacement: '${1}', action: labelmap}]",
        Some("a=foo __meta_my_bar=aaa __meta_my_baz=bbb __meta_other=ccc my_bar=aaa my_baz=bbb"),
    ),
    (
        "a=some-name-value",
        "[{source_labels: [a], regex: 'some-([^-]+)-([^,]+)', target_label: '${1}', replacement: '${2}'}]",
        Some("a=some-name-value name=value"),
    ),
    (
        "a=some-name-value",
        "[{source_labels: [a], regex: 'some-([^-]+)-([^,]+)', target_label: '${1}', replacement: '${3}'}]",
        Some("a=some-name-value"),
    ),
    (
        "a=some-name-0",
        "[{source_labels: [a], regex: 'some-([^-]+)-([^,]+)', target_label: '${3}', replacement: '${1}'},
          {source_labels: [a], regex: 'some-([^-]+)(-[^,]+)', target_label: '${3}', replacement: '${1}'}]",
        Some("a=some-name-0"),
    ),
    (
        "__meta_sd_tags=path:/secret,job:some-job,label:foo=bar",
        "[{source_labels: [__meta_sd_tags], regex: '(?:.+,|^)path:(/[^,]+).*', target_label: __metrics_path__},
          {source_labels: [__meta_sd_tags], regex: '(?:.+,|^)job:([^,]+).*', target_label: job},
          {source_labels: [__meta_sd_tags], regex: '(?:.+,|^)label:([^=]+)=([^,]+).*', target_label: '${1}', replacement: '${2}'}]",
        Some("__meta_sd_tags=path:/secret,job:some-job,label:foo=bar __metrics_path__=/secret job=some-job foo=bar"),
    ),
    (
        "name=foo port=9091",
        "[{regex: ^name$, action: labeldrop},
          {source_labels: [port], regex: (.+), replacement: metrics, target_label: name},
          {source_labels: [name], regex: ^metrics$, action: keep}]",
        Some("port=9091 name=metrics"),
    ),
    ("a=foo b1=bar b2=baz", "[{regex: (b.*), action: labelkeep}]", Some("b1=bar b2=baz")),
    ("a=foo b1=bar b2=baz", "[{regex: (b.*), action: labeldrop}]", Some("a=foo")),
    (
        "foo=bAr123Foo",
        "[{source_labels: [foo], action: UPPERCASE, target_label: up}, {source_labels: [foo], action: lowercase, target_label: low}]",
        Some("foo=bAr123Foo low=bar123foo up=BAR123FOO"),
    ),
    ("t=1234 p=1234", "[{source_labels: [t], action: keepequal, target_label: p}]", Some("t=1234 p=1234")),
    ("t=1234 p=1234", "[{source_labels: [t], action: dropequal, target_label: p}]", None),
    ("t=1234 p=5678", "[{source_labels: [t], action: dropequal, target_label: p}]", Some("t=1234 p=5678")),
    ("t=1234 p=5678", "[{source_labels: [t], action: keepequal, target_label: p}]", None),
    // A reference goes as far as it can: `$1x` is the group `1x`, which is none, and an empty value removes the label.
    ("a=foo b=bar", "[{source_labels: [a], regex: (.*), target_label: b, replacement: $1x}]", Some("a=foo")),
    ("a=foo", "[{source_labels: [a], target_label: 'a.b'}]", Some("a=foo a.b=foo")),
    ("a=x\ny", "[{source_labels: [a], regex: x.y, action: drop}]", None),
];

#[test]
fn rules_do_what_upstream_does() {
    for (before, rules, after) in CASES {
        let rules = read(&format!("rules: {rules}"), Names::Utf8)
            .unwrap_or_else(|fault| panic!("{rules}: {fault}"));
        let mut builder = LabelsBuilder::from(&labels(before));
        let found = relabel(&mut builder, &rules).then(|| builder.build());
        assert_eq!(found, after.map(labels), "{before} {rules:?}");
    }
}

#[test]
fn rules_that_make_no_sense_are_refused_in_upstream_words() {
    let faults = [
        ("action: null", "relabel action cannot be empty"),
        ("action: reploce", "unknown relabel action \"reploce\""),
        ("action: replace", "requires 'target_label' value"),
        ("action: lowercase", "requires 'target_label' value"),
        ("{action: lowercase, target_label: '${3}'}", "\"${3}\" is invalid 'target_label'"),
        ("target_label: '0${3}'", "\"0${3}\" is invalid 'target_label'"),
        ("target_label: '-${3}'", "\"-${3}\" is invalid 'target_label' for replace action"),
        ("{action: hashmod, target_label: a}", "requires non-zero modulus"),
        ("{regex: 'abc(def', target_label: a}", "missing closing ): `^(?s:abc(def)$`"),
    ];
    for (rule, message) in faults {
        let found = read(&format!("rules:\n- {rule}"), Names::Legacy).unwrap_err();
        assert!(found.to_string().contains(message), "{rule}: {found}");
        assert_eq!(found.first().place.line, 2, "{rule}");
    }
}

#[test]
fn templates_of_classic_names_are_those_of_upstream() {
    let templates = [
        ("-label", false),
        ("label", true),
        ("label${1}", true),
        ("${1}label", true),
        ("${1}", true),
        ("${", false),
        ("$", false),
        ("${}", false),
        ("foo${", false),
        ("$1", true),
        ("asd$2asd", true),
        ("-foo${1}bar-", false),
        ("bar.foo${1}bar", false),
        ("_${1}_", true),
        ("foo${bar}foo", true),
    ];
    for (template, is_valid) in templates {
        assert_eq!(is_legacy_template(template), is_valid, "{template}");
    }
}

#[test]
fn steps_show_which_rule_changed_and_which_dropped() {
    let yaml = "rules:
- {source_labels: [a], target_label: b}
- {source_labels: [a], regex: other, target_label: c}
- {source_labels: [b], regex: foo, action: drop}
- {target_label: d, replacement: never}";
    let rules = read(yaml, Names::Utf8).unwrap();
    let steps = relabel_steps(&labels("a=foo"), &rules);
    let effects: Vec<_> = steps.iter().map(super::Step::has_effect).collect();
    assert_eq!(effects, [true, false, true]);
    assert_eq!(steps[0].after, Some(labels("a=foo b=foo")));
    assert_eq!((steps[2].before.clone(), steps[2].after.clone()), (labels("a=foo b=foo"), None));
}
