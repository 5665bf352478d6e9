//! Commands and operands: what stands between the bars of a pipeline.

use super::{Parse, Parser, is_keyword};
use crate::lexer::Kind;
use crate::number::{parse_float, parse_integer};
use crate::text::{quoted, unquoted, unquoted_character};
use crate::tree::{Command, Operand, Span};

impl Parser<'_> {
    /// `$x :=`, `$x, $y :=` or `$x =` at the start of a pipeline, if it stands there.
    pub(super) fn targets(&mut self, context: &str) -> Parse<(Vec<String>, bool)> {
        let start = self.place;
        let mut names = Vec::new();
        while self.peek_word().kind == Kind::Variable {
            names.push(self.take().text.to_owned());
            if self.is_symbol(":=") || self.is_symbol("=") {
                let assigns = self.take().text == "=";
                if names.len() > 1 && context != "range" {
                    return self.stop(format!("too many declarations in {context}"));
                }
                if let Some(unknown) =
                    names.iter().find(|name| assigns && !self.variables.contains(name))
                {
                    return self.stop(format!("undefined variable {}", quoted(unknown)));
                }
                return Ok((names, assigns));
            }
            if names.len() == 2 || context != "range" || !self.is_symbol(",") {
                break;
            }
            self.take();
        }
        self.place = start;
        Ok((Vec::new(), false))
    }

    pub(super) fn command(&mut self, context: &str) -> Parse<Command> {
        let start = self.peek_word().span.start;
        let mut operands = Vec::new();
        let mut end = start;
        loop {
            let token = self.peek_word();
            let ends = match token.kind {
                Kind::Close | Kind::End | Kind::Text => true,
                Kind::Symbol => matches!(token.text, "|" | ")"),
                _ => false,
            };
            if ends {
                break;
            }
            operands.push(self.operand(context)?);
            end = self.tokens.get(self.place - 1).map_or(end, |token| token.span.end);
            let behind = self.peek();
            let apart = match behind.kind {
                Kind::Space | Kind::Close => true,
                Kind::Symbol => matches!(behind.text, "|" | ")"),
                _ => false,
            };
            if !apart {
                return self.unexpected("operand");
            }
        }
        if operands.is_empty() {
            return match self.peek_word().kind {
                Kind::Fault(_) => self.unexpected(context),
                Kind::Close => self.stop(format!("missing value for {context}")),
                _ => self.stop("empty command"),
            };
        }
        Ok(Command { operands, span: Span { start, end } })
    }

    /// Only functions and fields can take the value of the command before them.
    pub(super) fn check_later_commands(&self, commands: &[Command]) -> Parse<()> {
        for (place, command) in commands.iter().enumerate().skip(1) {
            let callable = matches!(
                command.operands.first(),
                Some(
                    Operand::Function(_)
                        | Operand::Field(_)
                        | Operand::Variable(..)
                        | Operand::Chain(..)
                        | Operand::Pipeline(_)
                )
            );
            if !callable {
                return self
                    .stop(format!("non executable command in pipeline stage {}", place + 1));
            }
        }
        Ok(())
    }

    fn operand(&mut self, context: &str) -> Parse<Operand> {
        let operand = self.term(context)?;
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            let token = self.take();
            fields.push(token.text.trim_start_matches('.').to_owned());
        }
        if fields.is_empty() {
            return Ok(operand);
        }
        match operand {
            Operand::Field(mut own) => {
                own.extend(fields);
                Ok(Operand::Field(own))
            }
            Operand::Variable(name, mut own) => {
                own.extend(fields);
                Ok(Operand::Variable(name, own))
            }
            Operand::Bool(_) | Operand::Int(_) | Operand::Float(_) | Operand::Text(_) => {
                self.stop(format!("unexpected . after term {}", quoted(context)))
            }
            Operand::Nil => self.stop("unexpected . after term \"nil\""),
            Operand::Dot => Ok(Operand::Field(fields)),
            other => Ok(Operand::Chain(Box::new(other), fields)),
        }
    }

    fn term(&mut self, context: &str) -> Parse<Operand> {
        let token = self.peek_word().clone();
        let operand = match token.kind {
            Kind::Dot => Operand::Dot,
            Kind::Field => Operand::Field(vec![token.text.trim_start_matches('.').to_owned()]),
            Kind::Variable => {
                if !self.variables.iter().any(|own| own == token.text) {
                    return self.stop(format!("undefined variable {}", quoted(token.text)));
                }
                Operand::Variable(token.text.to_owned(), Vec::new())
            }
            Kind::Number => match number(token.text) {
                Some(number) => number,
                None => return self.stop(format!("bad number syntax: {}", quoted(token.text))),
            },
            Kind::Quoted => match unquoted(token.text) {
                Some(text) => Operand::Text(text),
                None => return self.stop("invalid syntax"),
            },
            Kind::Character => match unquoted_character(token.text) {
                Some(character) => Operand::Int(i64::from(u32::from(character))),
                None => {
                    return self.stop(format!("malformed character constant: {}", token.text));
                }
            },
            Kind::Word => match token.text {
                "true" => Operand::Bool(true),
                "false" => Operand::Bool(false),
                "nil" => Operand::Nil,
                word if is_keyword(word) => return self.unexpected(context),
                name if self.is_function(name) => Operand::Function(name.to_owned()),
                other => {
                    return self.stop(format!("function {} not defined", quoted(other)));
                }
            },
            Kind::Symbol if token.text == "(" => return self.parenthesis(),
            _ => return self.unexpected(context),
        };
        self.take();
        Ok(operand)
    }

    fn parenthesis(&mut self) -> Parse<Operand> {
        self.take();
        let pipeline = self.deeper(|own| own.pipeline("parenthesized pipeline"))?;
        if !self.is_symbol(")") {
            return match self.peek_word().kind {
                Kind::Close => self.stop("unclosed left paren"),
                _ => self.unexpected("parenthesized pipeline"),
            };
        }
        self.take();
        Ok(Operand::Pipeline(Box::new(pipeline)))
    }
}

/// A number: whole if it can be, unless it is written as a float.
fn number(text: &str) -> Option<Operand> {
    let hexadecimal = text.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("0x");
    let float =
        if hexadecimal { text.contains(['p', 'P', '.']) } else { text.contains(['.', 'e', 'E']) };
    if float {
        return parse_float(&text.replace('_', "")).ok().map(Operand::Float);
    }
    parse_integer(text).map(Operand::Int)
}
