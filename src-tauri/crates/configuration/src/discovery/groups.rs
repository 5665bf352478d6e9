//! Groups of targets that share labels, as `static_configs`, files and addresses give them.

use watchglass_model::{Labels, LabelsBuilder};

use crate::ADDRESS;
use crate::fault::{Faults, Reading};
use crate::names::Names;
use crate::yaml::{Fields, Node, Value, text, tree};

/// Targets and the labels that they share.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetGroup {
    /// What tells the group from the others of its discovery.
    pub source: String,
    /// The labels of each target; `__address__` among them.
    pub targets: Vec<Labels>,
    /// The labels of all.
    pub labels: Labels,
}

impl TargetGroup {
    pub(super) fn read(node: &Node, names: Names, reading: &Reading) -> Self {
        let fields = Fields::of(node, "struct", reading);
        let targets = fields.texts("targets").unwrap_or_default();
        let mut labels = LabelsBuilder::default();
        for (key, node) in fields.pairs("labels") {
            if !names.is_label(&key.text) {
                reading.fault(key.place, format!("{:?} is not a valid label name", key.text));
            }
            labels.set(key.text.as_str(), text(node, reading));
        }
        fields.finish();
        let targets = targets.into_iter().map(|address| Labels::from_pairs([(ADDRESS, address)]));
        Self { source: String::new(), targets: targets.collect(), labels: labels.build() }
    }
}

/// The groups of a file of `file_sd_configs` or of the answer to `http_sd_configs`, in YAML or JSON.
pub fn target_groups(source: &str, text: &str) -> Result<Vec<TargetGroup>, Faults> {
    let (node, reading) = (tree(text)?, Reading::default());
    let items: &[Node] = match &node.value {
        Value::List(items) => items,
        Value::Null => &[],
        _ => {
            reading.fault(node.place, "cannot unmarshal into a list of target groups");
            &[]
        }
    };
    let mut groups = Vec::new();
    for (place, item) in items.iter().enumerate() {
        if item.is_null() {
            reading.fault(item.place, format!("nil target group item found (index {place})"));
        }
        let group = TargetGroup::read(item, Names::Utf8, &reading);
        groups.push(TargetGroup { source: format!("{source}:{place}"), ..group });
    }
    reading.verdict(groups)
}
