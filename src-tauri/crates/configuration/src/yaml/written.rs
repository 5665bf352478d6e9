//! From nodes to text: blocks of two spaces, as Prometheus writes its configuration.

use std::fmt::Write;

use super::tree::{Node, Value};

/// Words that would be read as something else than a text.
const WORDS: [&str; 12] =
    ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<"];

/// A node as the text of a file.
pub(crate) fn written(node: &Node) -> String {
    let mut out = String::new();
    match &node.value {
        Value::Map(pairs) if !pairs.is_empty() => map(&mut out, node, 0, false),
        Value::List(items) if !items.is_empty() => list(&mut out, node, 0),
        _ => {
            inline(&mut out, node);
            out.push('\n');
        }
    }
    out
}

/// The pairs of a map, each on its line; the first goes on where `out` stands if `begun`.
fn map(out: &mut String, node: &Node, depth: usize, begun: bool) {
    let Value::Map(pairs) = &node.value else { return };
    for (place, (key, value)) in pairs.iter().enumerate() {
        if place > 0 || !begun {
            indent(out, depth);
        }
        scalar(out, &key.text, false);
        out.push(':');
        match &value.value {
            Value::Map(pairs) if !pairs.is_empty() => {
                out.push('\n');
                map(out, value, depth + 1, false);
            }
            Value::List(items) if !items.is_empty() => {
                out.push('\n');
                list(out, value, depth);
            }
            _ => {
                out.push(' ');
                inline(out, value);
                out.push('\n');
            }
        }
    }
}

fn list(out: &mut String, node: &Node, depth: usize) {
    let Value::List(items) = &node.value else { return };
    for item in items {
        indent(out, depth);
        out.push_str("- ");
        match &item.value {
            Value::Map(pairs) if !pairs.is_empty() => map(out, item, depth + 1, true),
            Value::List(_) => {
                // Lists of lists mean nothing in any section.
                out.push_str("[]\n");
            }
            _ => {
                inline(out, item);
                out.push('\n');
            }
        }
    }
}

fn inline(out: &mut String, node: &Node) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Scalar { text, is_plain } => scalar(out, text, *is_plain),
        Value::List(_) => out.push_str("[]"),
        Value::Map(_) => out.push_str("{}"),
    }
}

/// A scalar, in quotes where it would not be read as the same text without them.
fn scalar(out: &mut String, text: &str, was_plain: bool) {
    let is_word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    let begins = text.starts_with(|one: char| one.is_ascii_alphabetic() || "_/<.".contains(one));
    let is_safe = |one: char| one.is_ascii_alphanumeric() || "_/<>.-$(){}*+;".contains(one);
    let fits = begins && !is_word && text.chars().all(is_safe);
    // A number or boolean stays what it was only without quotes.
    let is_clear = !text.is_empty()
        && !text.contains('\n')
        && [": ", " #"].iter().all(|mark| !text.contains(mark))
        && !text.ends_with(':');
    if fits || (was_plain && is_clear) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for one in text.chars() {
        match one {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            one if one.is_control() => {
                // Writing into a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(one));
            }
            one => out.push(one),
        }
    }
    out.push('"');
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}
