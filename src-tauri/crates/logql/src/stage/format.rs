//! `line_format` and `label_format`.

use std::borrow::Cow;

use watchglass_storage::Nanos;
use watchglass_template::{Bounds, RunFault, Template, Time, Value};

use super::failure;
use super::row::{Category, Row};
use super::{ERROR, ERROR_DETAILS};
use crate::functions;
use crate::tree::{LabelFormat, LabelSource};

/// A line is no longer than this, and takes no more steps to write.
const BOUNDS: Bounds = Bounds { output: 1 << 20, steps: 10_000, depth: 20 };

fn rendered(template: &Template, row: &Row<'_>, now: Nanos) -> Result<String, RunFault> {
    let bound = [
        (functions::LINE, Value::Text(String::from_utf8_lossy(&row.line))),
        (functions::TIMESTAMP, Value::Time(Box::new(Time::utc(row.time)))),
        (functions::NOW, Value::Time(Box::new(Time::utc(now)))),
    ];
    template.render(&Value::Fields(row), &bound, &BOUNDS)
}

/// The stage that writes the line anew.
#[derive(Debug, Clone)]
pub(super) struct LineFormat(Template);

impl LineFormat {
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let template = functions::template(source);
        Ok(Self(template.map_err(|fault| format!("invalid line template: {fault}"))?))
    }

    pub(super) fn run(&self, row: &mut Row<'_>, now: Nanos) -> bool {
        match rendered(&self.0, row, now) {
            Ok(line) => row.line = Cow::Owned(line.into_bytes()),
            Err(fault) => row.fail(failure::TEMPLATE, fault.to_string()),
        }
        true
    }
}

/// The stage that sets labels.
#[derive(Debug, Clone)]
pub(super) struct LabelFormats(Vec<(String, Source)>);

#[derive(Debug, Clone)]
enum Source {
    Label(String),
    Template(Box<Template>),
}

impl LabelFormats {
    pub(super) fn new(formats: &[LabelFormat]) -> Result<Self, String> {
        let formats = formats.iter().map(|format| {
            if format.label == ERROR || format.label == ERROR_DETAILS {
                return Err(format!("{} cannot be formatted", format.label));
            }
            let source = match &format.source {
                LabelSource::Label(source) => Source::Label(source.clone()),
                LabelSource::Template(source) => {
                    let template = functions::template(source).map_err(|fault| {
                        format!("invalid template for label '{}': {fault}", format.label)
                    })?;
                    Source::Template(Box::new(template))
                }
            };
            Ok((format.label.clone(), source))
        });
        Ok(Self(formats.collect::<Result<_, String>>()?))
    }

    /// Whether a label is made of the line.
    pub(super) fn read_line(&self) -> bool {
        self.0.iter().any(|(_, source)| match source {
            Source::Template(template) => template.calls(functions::LINE),
            Source::Label(_) => false,
        })
    }

    /// Templates see the labels as they were before the first template of the stage.
    pub(super) fn run(&self, row: &mut Row<'_>, now: Nanos) -> bool {
        let several = self.0.len() > 1;
        let mut before: Option<Row<'_>> = None;
        for (label, source) in &self.0 {
            match source {
                Source::Label(source) => {
                    if let Some(value) = row.get(source).map(str::to_owned) {
                        let category = row.category(source);
                        row.remove(source);
                        row.set(label, value, category);
                    }
                }
                Source::Template(template) => {
                    let result = if several {
                        let seen = before.get_or_insert_with(|| row.clone());
                        rendered(template, seen, now)
                    } else {
                        rendered(template, row, now)
                    };
                    match result {
                        Ok(value) => row.set(label, value, Category::Parsed),
                        Err(fault) => row.fail(failure::TEMPLATE, fault.to_string()),
                    }
                }
            }
        }
        true
    }
}
