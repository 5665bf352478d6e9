//! Federated samples as text 0.0.4, and as 1.0.0 where names need quotes.

use std::fmt::Write;

use watchglass_exposition::Escaping;
use watchglass_model::{Labels, SampleValue, general_notation};
use watchglass_workbench::Federated;

use crate::prometheus::names::{escaped, is_classic};

/// The whole page. Every sample is untyped; native histograms are left out, for text has no form for them.
pub(super) fn page(federated: &Federated, escaping: Escaping) -> String {
    let mut page = String::new();
    let mut family = "";
    for (labels, sample) in &federated.samples {
        let SampleValue::Float(value) = sample.value else { continue };
        let name = labels.name();
        if name != family {
            family = name;
            // Writing into a string cannot fail.
            let _ = writeln!(page, "# TYPE {} untyped", written(&escaped(name, escaping)));
        }
        line_head(&mut page, labels, federated, escaping);
        let _ = writeln!(page, " {} {}", general_notation(value), sample.time);
    }
    page
}

fn line_head(page: &mut String, labels: &Labels, federated: &Federated, escaping: Escaping) {
    let name = escaped(labels.name(), escaping);
    let is_outside = is_classic(&name);
    let inside = (!is_outside).then(|| quoted(&name));
    let own = federated.labels_of(labels).map(|(label, value)| {
        let label = escaped(label, escaping);
        format!("{}={}", written(&label), quoted(value))
    });
    let pairs: Vec<_> = inside.into_iter().chain(own).collect();
    if is_outside {
        page.push_str(&name);
    }
    if !pairs.is_empty() {
        let _ = write!(page, "{{{}}}", pairs.join(","));
    }
}

/// A name, in quotes where it needs them.
fn written(name: &str) -> String {
    if is_classic(name) { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n").replace('"', "\\\"");
    format!("\"{text}\"")
}
