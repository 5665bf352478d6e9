//! Pipelines, commands and operands while a template runs.

use super::{Done, Run};
use crate::functions::Function;
use crate::tree::{Command, Operand, Pipeline, Span};
use crate::{Value, builtins};

impl<'a> Run<'_, 'a> {
    /// The value of a pipeline; its variables get it.
    pub(super) fn pipeline(&mut self, pipeline: &'a Pipeline, dot: &Value<'a>) -> Done<Value<'a>> {
        let value = self.evaluated(pipeline, dot)?;
        if let [name] = pipeline.variables.as_slice() {
            if pipeline.assigns {
                self.assign(name, value.clone());
            } else {
                self.variables.push((name, value.clone()));
            }
        }
        Ok(value)
    }

    /// The value of a pipeline, given to no variable.
    pub(super) fn evaluated(&mut self, pipeline: &'a Pipeline, dot: &Value<'a>) -> Done<Value<'a>> {
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, dot, value)?);
        }
        Ok(value.unwrap_or_default())
    }

    /// A command; `last` is the value of the one before it, which becomes its last argument.
    fn command(
        &mut self,
        command: &'a Command,
        dot: &Value<'a>,
        last: Option<Value<'a>>,
    ) -> Done<Value<'a>> {
        self.step(command.span)?;
        let Some((first, arguments)) = command.operands.split_first() else {
            return Ok(Value::Nil);
        };
        if let Operand::Function(name) = first {
            return self.call(name, arguments, command.span, dot, last);
        }
        if !arguments.is_empty() || last.is_some() {
            let text = self.template.source.get(command.span.start..command.span.end);
            let name = text.and_then(|text| text.split(' ').next()).unwrap_or("");
            return self.fault(
                command.span,
                match first {
                    Operand::Field(_) | Operand::Chain(..) | Operand::Variable(..) => {
                        let name = name.rsplit('.').next().unwrap_or(name);
                        format!("{name} is not a method but has arguments")
                    }
                    _ => format!("can't give argument to non-function {name}"),
                },
            );
        }
        if matches!(first, Operand::Nil) {
            return self.fault(command.span, "nil is not a command");
        }
        self.operand(first, command.span, dot)
    }

    fn call(
        &mut self,
        name: &'a str,
        operands: &'a [Operand],
        span: Span,
        dot: &Value<'a>,
        last: Option<Value<'a>>,
    ) -> Done<Value<'a>> {
        if matches!(name, "and" | "or") {
            return self.logic(name == "or", operands, span, dot, last);
        }
        let mut arguments = Vec::with_capacity(operands.len() + 1);
        for operand in operands {
            arguments.push(self.operand(operand, span, dot)?);
        }
        arguments.extend(last);
        let result = match self.template.functions.get(name) {
            Some(Function::Plain(call)) => call(&arguments),
            Some(Function::Shared(call)) => call(&arguments),
            Some(Function::Bound) if arguments.is_empty() => {
                let own = self.bound.iter().find(|(own, _)| *own == name);
                Ok(own.map(|(_, value)| value.clone()).unwrap_or_default())
            }
            Some(Function::Bound) => {
                Err(format!("wrong number of args for {name}: want 0 got {}", arguments.len()))
            }
            None => builtins::call(name, &arguments)
                .unwrap_or_else(|| Err(format!("function {name} not defined"))),
        };
        match result {
            Ok(Value::Text(text)) if text.len() > self.bounds.output => {
                self.fault(span, format!("a text of more than {} bytes", self.bounds.output))
            }
            Ok(value) => Ok(value),
            Err(message) if message.starts_with("wrong ") => self.fault(span, message),
            Err(message) => self.fault(span, format!("error calling {name}: {message}")),
        }
    }

    /// `and` gives the first argument that is not true, `or` the first that is; else the last. The others are not looked at.
    fn logic(
        &mut self,
        wanted: bool,
        operands: &'a [Operand],
        span: Span,
        dot: &Value<'a>,
        last: Option<Value<'a>>,
    ) -> Done<Value<'a>> {
        let mut value = None;
        for operand in operands {
            let own = self.operand(operand, span, dot)?;
            if own.is_true() == wanted {
                return Ok(own);
            }
            value = Some(own);
        }
        if let Some(value) = last.or(value) {
            return Ok(value);
        }
        let name = if wanted { "or" } else { "and" };
        self.fault(span, format!("wrong number of args for {name}: want at least 1 got 0"))
    }

    fn operand(&mut self, operand: &'a Operand, span: Span, dot: &Value<'a>) -> Done<Value<'a>> {
        match operand {
            Operand::Dot => Ok(dot.clone()),
            Operand::Nil => Ok(Value::Nil),
            Operand::Bool(value) => Ok(Value::Bool(*value)),
            Operand::Int(value) => Ok(Value::Int(*value)),
            Operand::Float(value) => Ok(Value::Float(*value)),
            Operand::Text(text) => Ok(Value::text(text.as_str())),
            Operand::Field(fields) => self.fields(dot.clone(), fields, span),
            Operand::Variable(name, fields) => {
                let own = self.variables.iter().rfind(|(own, _)| own == name);
                let value = own.map(|(_, value)| value.clone()).unwrap_or_default();
                self.fields(value, fields, span)
            }
            Operand::Function(name) => self.call(name, &[], span, dot, None),
            Operand::Chain(inner, fields) => {
                let value = self.operand(inner, span, dot)?;
                self.fields(value, fields, span)
            }
            Operand::Pipeline(pipeline) => self.pipeline(pipeline, dot),
        }
    }

    fn fields(&self, start: Value<'a>, fields: &[String], span: Span) -> Done<Value<'a>> {
        let mut value = start;
        for name in fields {
            value = match value.field(name) {
                Ok(value) => value,
                Err(message) => return self.fault(span, message),
            };
        }
        Ok(value)
    }
}
