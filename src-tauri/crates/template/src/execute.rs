//! Running a template over a value, within bounds.

mod pipelines;

use crate::fault::{RunFault, position};
use crate::tree::{Block, Branch, Node, Pipeline, Span};
use crate::{Template, Value};

/// How far a run may go before it ends with a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes written, and bytes of any one text on the way.
    pub output: usize,
    /// Nodes and functions run.
    pub steps: usize,
    /// How deep templates may call templates.
    pub depth: usize,
}

impl Default for Bounds {
    /// A mebibyte, a hundred thousand steps, fifty templates within one another.
    fn default() -> Self {
        Self { output: 1 << 20, steps: 100_000, depth: 50 }
    }
}

pub(crate) fn run<'a>(
    template: &'a Template,
    data: &Value<'a>,
    bound: &[(&'static str, Value<'a>)],
    bounds: &Bounds,
    out: &mut String,
) -> Result<(), RunFault> {
    let start = out.len();
    let mut run = Run {
        template,
        bound,
        bounds: *bounds,
        out,
        start,
        steps: 0,
        depth: 0,
        variables: vec![("$", data.clone())],
    };
    run.block(&template.body, data).map(|_| ())
}

/// What comes after a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

type Done<T> = Result<T, RunFault>;

struct Run<'r, 'a> {
    template: &'a Template,
    bound: &'r [(&'static str, Value<'a>)],
    bounds: Bounds,
    out: &'r mut String,
    /// How long `out` was before.
    start: usize,
    steps: usize,
    depth: usize,
    variables: Vec<(&'a str, Value<'a>)>,
}

impl<'a> Run<'_, 'a> {
    fn fault<T>(&self, span: Span, message: impl Into<String>) -> Done<T> {
        let source = &self.template.source;
        let (line, column) = position(source, span.start);
        Err(RunFault {
            name: self.template.name.clone(),
            line,
            column,
            at: source.get(span.start..span.end).unwrap_or("").to_owned(),
            message: message.into(),
        })
    }

    fn step(&mut self, span: Span) -> Done<()> {
        self.steps += 1;
        if self.steps > self.bounds.steps {
            return self.fault(span, format!("took more than {} steps", self.bounds.steps));
        }
        Ok(())
    }

    fn write(&mut self, text: &str, span: Span) -> Done<()> {
        if self.out.len() - self.start + text.len() > self.bounds.output {
            return self.fault(span, format!("wrote more than {} bytes", self.bounds.output));
        }
        self.out.push_str(text);
        Ok(())
    }

    fn block(&mut self, block: &'a Block, dot: &Value<'a>) -> Done<Flow> {
        let seen = self.variables.len();
        for node in block {
            let flow = self.node(node, dot)?;
            if flow != Flow::On {
                self.variables.truncate(seen);
                return Ok(flow);
            }
        }
        self.variables.truncate(seen);
        Ok(Flow::On)
    }

    fn node(&mut self, node: &'a Node, dot: &Value<'a>) -> Done<Flow> {
        match node {
            Node::Text(text) => {
                self.step(Span::default())?;
                self.write(text, Span::default())?;
            }
            Node::Action(pipeline) => {
                let value = self.pipeline(pipeline, dot)?;
                if pipeline.variables.is_empty() {
                    match &value {
                        Value::Text(text) => self.write(text, pipeline.span)?,
                        other => self.write(&other.to_string(), pipeline.span)?,
                    }
                }
            }
            Node::If(branch) => return self.choice(branch, dot, false),
            Node::With(branch) => return self.choice(branch, dot, true),
            Node::Range(branch) => return self.range(branch, dot),
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
            Node::Template { name, argument, span } => {
                self.call_template(name, argument.as_ref(), *span, dot)?;
            }
        }
        Ok(Flow::On)
    }

    /// `if`, and `with`, which makes the value dot.
    fn choice(&mut self, branch: &'a Branch, dot: &Value<'a>, with: bool) -> Done<Flow> {
        let seen = self.variables.len();
        let value = self.pipeline(&branch.pipeline, dot)?;
        let flow = if !value.is_true() {
            self.block(&branch.otherwise, dot)
        } else if with {
            self.block(&branch.body, &value)
        } else {
            self.block(&branch.body, dot)
        };
        self.variables.truncate(seen);
        flow
    }

    fn range(&mut self, branch: &'a Branch, dot: &Value<'a>) -> Done<Flow> {
        let seen = self.variables.len();
        let value = self.evaluated(&branch.pipeline, dot)?;
        let mut any = false;
        let mut place: usize = 0;
        while let Some((key, element)) = self.element(&value, place, branch.pipeline.span)? {
            place += 1;
            any = true;
            self.step(branch.pipeline.span)?;
            self.bind_element(&branch.pipeline, key, &element);
            let flow = self.block(&branch.body, &element);
            self.variables.truncate(seen);
            if flow? == Flow::Break {
                break;
            }
        }
        if any { Ok(Flow::On) } else { self.block(&branch.otherwise, dot) }
    }

    /// The key and value at a place of what is ranged over; none behind the last.
    fn element(
        &self,
        value: &Value<'a>,
        place: usize,
        span: Span,
    ) -> Done<Option<(Value<'a>, Value<'a>)>> {
        let number = i64::try_from(place).unwrap_or(i64::MAX);
        Ok(match value {
            Value::List(list) => {
                list.get(place).map(|element| (Value::Int(number), element.clone()))
            }
            Value::Map(map) => {
                map.iter().nth(place).map(|(key, own)| (Value::text(key.clone()), own.clone()))
            }
            Value::Fields(fields) => {
                let pair = fields.pairs().into_iter().nth(place);
                pair.map(|(key, own)| (Value::text(key), Value::text(own)))
            }
            Value::Int(count) if number < *count => Some((Value::Int(number), Value::Int(number))),
            Value::Int(_) | Value::Nil => None,
            other => return self.fault(span, format!("range can't iterate over {other}")),
        })
    }

    fn bind_element(&mut self, pipeline: &'a Pipeline, key: Value<'a>, element: &Value<'a>) {
        let pairs: Vec<(&'a str, Value<'a>)> = match pipeline.variables.as_slice() {
            [] => Vec::new(),
            [one] => vec![(one, element.clone())],
            [first, second, ..] => vec![(first, key), (second, element.clone())],
        };
        for (name, value) in pairs {
            if pipeline.assigns {
                self.assign(name, value);
            } else {
                self.variables.push((name, value));
            }
        }
    }

    fn assign(&mut self, name: &str, value: Value<'a>) {
        if let Some((_, own)) = self.variables.iter_mut().rfind(|(own, _)| *own == name) {
            *own = value;
        }
    }

    fn call_template(
        &mut self,
        name: &'a str,
        argument: Option<&'a Pipeline>,
        span: Span,
        dot: &Value<'a>,
    ) -> Done<()> {
        let Some(body) = self.template.defined.get(name) else {
            let name = crate::text::quoted(name);
            return self.fault(span, format!("template {name} not defined"));
        };
        if self.depth >= self.bounds.depth {
            let message = format!("exceeded maximum template depth ({})", self.bounds.depth);
            return self.fault(span, message);
        }
        let value = match argument {
            Some(argument) => self.pipeline(argument, dot)?,
            None => Value::Nil,
        };
        self.step(span)?;
        self.depth += 1;
        let outer = std::mem::replace(&mut self.variables, vec![("$", value.clone())]);
        let flow = self.block(body, &value);
        self.variables = outer;
        self.depth -= 1;
        flow.map(|_| ())
    }
}
