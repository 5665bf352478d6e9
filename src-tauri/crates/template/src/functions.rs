//! The table of functions that a caller hands in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::Value;

/// A function: arguments in, value out, or what is wrong with the arguments.
pub type Call = for<'a> fn(&[Value<'a>]) -> Result<Value<'a>, String>;

type Shared = Arc<dyn for<'a> Fn(&[Value<'a>]) -> Result<Value<'a>, String> + Send + Sync>;

#[derive(Clone)]
pub(crate) enum Function {
    Plain(Call),
    Shared(Shared),
    /// Its value is handed in with each run.
    Bound,
}

/// Functions by name. Those of Go (`printf`, `eq`, `index` and so on) are always there.
#[derive(Clone, Default)]
pub struct Functions(Arc<BTreeMap<&'static str, Function>>);

impl Functions {
    /// A table of plain functions.
    pub fn new(functions: impl IntoIterator<Item = (&'static str, Call)>) -> Self {
        let plain = functions.into_iter().map(|(name, call)| (name, Function::Plain(call)));
        Self(Arc::new(plain.collect()))
    }

    /// With a function that captures something, such as a query.
    pub fn with(
        mut self,
        name: &'static str,
        call: impl for<'a> Fn(&[Value<'a>]) -> Result<Value<'a>, String> + Send + Sync + 'static,
    ) -> Self {
        Arc::make_mut(&mut self.0).insert(name, Function::Shared(Arc::new(call)));
        self
    }

    /// With a function without arguments whose value each run hands in.
    pub fn bind(mut self, name: &'static str) -> Self {
        Arc::make_mut(&mut self.0).insert(name, Function::Bound);
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Function> {
        self.0.get(name)
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// One argument as text.
pub fn text_argument<'v, 'a>(
    arguments: &'v [Value<'a>],
    place: usize,
) -> Result<&'v Cow<'a, str>, String> {
    match arguments.get(place) {
        Some(Value::Text(text)) => Ok(text),
        other => Err(wrong_type("string", other)),
    }
}

/// One argument as a whole number.
pub fn integer_argument(arguments: &[Value<'_>], place: usize) -> Result<i64, String> {
    match arguments.get(place) {
        Some(Value::Int(value)) => Ok(*value),
        other => Err(wrong_type("int", other)),
    }
}

fn wrong_type(expected: &str, found: Option<&Value<'_>>) -> String {
    match found {
        Some(value) => {
            format!("wrong type for value; expected {expected}; got {}", value.type_name())
        }
        None => format!("wrong number of args: expected another {expected}"),
    }
}
