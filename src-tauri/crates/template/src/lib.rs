//! Go's `text/template`: text → tree → text, with the functions that the caller hands in.
//!
//! [`Template::parse`] reads a text and checks it against a table of [`Functions`], [`Template::render`] runs it over a
//! [`Value`]. A run is bounded ([`Bounds`]): a template that loops, recurses or grows without end gives an error.
//! Beside the engine stand the texts, durations and times of Go's standard library, which such functions and the query
//! languages need too.
//!
//! Absent on purpose: the functions of Loki, Prometheus and Alertmanager, a clock, files.

mod builtins;
mod compare;
pub mod duration;
mod escape;
mod execute;
mod fault;
mod functions;
pub mod layout;
mod lexer;
pub mod number;
mod parser;
mod printf;
pub mod text;
mod tree;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use escape::urlquery as url_query_escaped;
pub use execute::Bounds;
pub use fault::{ParseFault, RunFault};
pub use functions::{Call, Functions, integer_argument, text_argument};
pub use printf::{print, printf};
pub use value::{Fields, Time, Value};

use tree::Block;

/// A template that can be run.
#[derive(Debug, Clone)]
pub struct Template {
    name: String,
    source: Arc<str>,
    body: Block,
    /// Templates that it defines, by name.
    defined: BTreeMap<String, Block>,
    functions: Functions,
}

impl Template {
    /// Reads a template. `name` stands in faults, as in Go.
    pub fn parse(name: &str, source: &str, functions: &Functions) -> Result<Self, ParseFault> {
        let parsed = parser::parse(name, source, functions)?;
        Ok(Self {
            name: name.to_owned(),
            source: source.into(),
            body: parsed.body,
            defined: parsed.defined,
            functions: functions.clone(),
        })
    }

    /// Runs it with `data` as dot. `bound` are the values of the functions that were declared as
    /// [bound](Functions::bind): what they give differs from run to run.
    pub fn render<'a>(
        &'a self,
        data: &Value<'a>,
        bound: &[(&'static str, Value<'a>)],
        bounds: &Bounds,
    ) -> Result<String, RunFault> {
        let mut out = String::new();
        self.render_into(data, bound, bounds, &mut out)?;
        Ok(out)
    }

    /// [`Self::render`] behind what `out` already holds. A fault leaves there what was written before it.
    pub fn render_into<'a>(
        &'a self,
        data: &Value<'a>,
        bound: &[(&'static str, Value<'a>)],
        bounds: &Bounds,
        out: &mut String,
    ) -> Result<(), RunFault> {
        execute::run(self, data, bound, bounds, out)
    }

    /// The names of fields of dot that it may read: `.a` and `.a.b` both name `a`. It may read any where the second
    /// is true, because dot as a whole goes somewhere.
    pub fn fields(&self) -> (Vec<String>, bool) {
        tree::fields(&self.body, &self.defined)
    }

    /// Whether it calls a function of this name.
    pub fn calls(&self, function: &str) -> bool {
        std::iter::once(&self.body)
            .chain(self.defined.values())
            .any(|block| tree::calls(block, function))
    }
}

/// Whether two were read from the same text.
impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.source == other.source
    }
}

#[cfg(test)]
mod tests;
