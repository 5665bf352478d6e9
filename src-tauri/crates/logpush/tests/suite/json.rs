//! Pushes in JSON.

use proptest::prelude::*;
use watchglass_logpush::read_json;

use crate::told;

fn of(json: &str) -> Vec<String> {
    told(|sink| read_json(json.as_bytes(), sink))
}

#[test]
fn streams_come_with_their_lines_and_metadata() {
    let json = r#"{"streams":[
        {"stream":{"app":"shop","level":"info"},
         "values":[["1","one"],["2","tw\"o",{"user":"u1","n":5,"ok":true}],["3","three",{}]]},
        {"values":[["4","four"]],"stream":{"app":"web"}}]}"#;
    let expected = [
        r#"{app="shop", level="info"}"#,
        "1 one {}",
        "2 tw\"o {user=u1,n=5,ok=true}",
        "3 three {}",
        r#"{app="web"}"#,
        "4 four {}",
    ];
    assert_eq!(of(json), expected);
}

#[test]
fn older_forms_are_read_too() {
    let json = r#"{"streams":[
        {"labels":"{app=\"old\"}","entries":[{"ts":"1970-01-01T00:00:01.5Z","line":"a"},
            {"ts":"7","line":"b","structuredMetadata":{"k":"v"}},{"line":"no time"}]},
        {"stream":"{app=\"text\"}","values":[[8,"number"]]},
        {"labels":{"app":"object"},"entries":[]},
        {"stream":{"app":"nothing"},"values":null}]}"#;
    let expected = [
        r#"{app="old"}"#,
        "1500000000 a {}",
        "7 b {k=v}",
        "- no time {}",
        r#"{app="text"}"#,
        "8 number {}",
        r#"{app="object"}"#,
        r#"{app="nothing"}"#,
    ];
    assert_eq!(of(json), expected);
}

#[test]
fn one_bad_line_does_not_cost_the_others() {
    let json = r#"{"streams":[{"stream":{"app":"a"},"values":[
        ["x","bad time"],["1","good"],["2"],["3",4],["5","deep",{"a":{"b":1}}],{"ts":"6","line":"fine"},7]}]}"#;
    let told = of(json);
    let expected = [
        r#"! line 0: the timestamp "x" is no text of nanoseconds"#,
        "1 good {}",
        "! line 2: ",
        "! line 3: ",
        "! line 4: the structured metadata is no flat object",
        "6 fine {}",
        "! line 6: ",
    ];
    assert_eq!(told.len(), 1 + expected.len(), "{told:#?}");
    for (told, expected) in told.iter().skip(1).zip(expected) {
        assert!(told.starts_with(expected), "{told} | {expected}");
    }
}

#[test]
fn one_bad_stream_does_not_cost_the_others() {
    let json = r#"{"streams":[
        {"stream":{"bad name":"a"},"values":[["1","x"]]},
        {"stream":{},"values":[["1","x"]]},
        {"values":[["1","x"]]},
        {"stream":"{oops","values":[["1","x"]]},
        {"stream":{"app":"good"},"values":[["1","kept"]]}]}"#;
    let told = of(json);
    assert!(told[0].contains(r#"the label name "bad name" is not allowed"#), "{}", told[0]);
    assert!(told[1].contains("at least one label"), "{}", told[1]);
    assert!(told[2].contains("at least one label"), "{}", told[2]);
    assert!(told[3].contains("error parsing labels `{oops`"), "{}", told[3]);
    assert_eq!(told[4..], [r#"{app="good"}"#, "1 kept {}"]);
}

#[test]
fn lines_that_are_not_utf8_stay_readable() {
    let json = b"{\"streams\":[{\"stream\":{\"a\":\"b\"},\"values\":[[\"1\",\"caf\xe9 noir\"]]}]}";
    let told = told(|sink| read_json(json, sink));
    assert_eq!(told[1], "1 caf\u{fffd} noir {}");
}

#[test]
fn what_is_no_push_is_refused() {
    for json in ["", "[]", "{", r#"{"streams":5}"#, r#"{"streams":[1]}"#, r#"{"streams":[]} x"#] {
        assert!(of(json)[0].starts_with("refused: the body is no push request in JSON"), "{json}");
    }
    assert_eq!(of(r#"{"streams":[],"more":{"a":[1]}}"#), Vec::<String>::new());
}

proptest! {
    #[test]
    fn no_text_breaks_the_reading(json in r#"[\[\]{}":,a-e0-9\\ ]{0,80}"#) {
        let wrapped = format!(r#"{{"streams":[{{"stream":{{"a":"b"}},"values":[{json}]}}]}}"#);
        of(&json);
        of(&wrapped);
    }
}
