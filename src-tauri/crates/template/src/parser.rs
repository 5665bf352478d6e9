//! From tokens to tree. Faults are those of Go, in its words.

mod operands;

use std::collections::BTreeMap;

use crate::fault::{ParseFault, position};
use crate::lexer::{Kind, Token, tokens};
use crate::text::{quoted, unquoted};
use crate::tree::{Block, Branch, Node, Pipeline, Span};
use crate::{Functions, builtins};

/// How deep control structures and parentheses may nest: no text may overflow the stack.
const MOST_NESTING: usize = 100;

pub(crate) struct Parsed {
    pub(crate) body: Block,
    pub(crate) defined: BTreeMap<String, Block>,
}

/// What is wrong, and where.
pub(crate) struct Stop {
    message: String,
    place: usize,
}

type Parse<T> = Result<T, Stop>;

pub(crate) fn parse(name: &str, source: &str, functions: &Functions) -> Result<Parsed, ParseFault> {
    let mut parser = Parser {
        tokens: tokens(source),
        place: 0,
        functions,
        variables: vec!["$".to_owned()],
        defined: BTreeMap::new(),
        depth: 0,
        loops: 0,
    };
    let body = parser.whole().map_err(|stop| {
        let (line, column) = position(source, stop.place);
        ParseFault { name: name.to_owned(), line, column, message: stop.message }
    })?;
    Ok(Parsed { body, defined: parser.defined })
}

pub(crate) struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    place: usize,
    functions: &'a Functions,
    /// Variables that can be seen here.
    variables: Vec<String>,
    defined: BTreeMap<String, Block>,
    depth: usize,
    loops: usize,
}

/// How a block ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    End,
    Else,
    /// Nothing is left.
    Source,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token<'a> {
        let last = self.tokens.last().expect("the lexer gives at least the end");
        self.tokens.get(self.place).unwrap_or(last)
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.peek().clone();
        self.place += 1;
        token
    }

    /// The next token that is no space.
    fn peek_word(&mut self) -> &Token<'a> {
        while self.peek().kind == Kind::Space {
            self.place += 1;
        }
        self.peek()
    }

    fn is_symbol(&mut self, symbol: &str) -> bool {
        let token = self.peek_word();
        token.kind == Kind::Symbol && token.text == symbol
    }

    fn stop<T>(&self, message: impl Into<String>) -> Parse<T> {
        let token = self.peek();
        if let Kind::Fault(message) = &token.kind {
            return Err(Stop { message: message.clone(), place: token.span.start });
        }
        Err(Stop { message: message.into(), place: token.span.start })
    }

    fn unexpected<T>(&mut self, context: &str) -> Parse<T> {
        let shown = match self.peek_word() {
            Token { kind: Kind::End, .. } => "EOF".to_owned(),
            Token { kind: Kind::Word, text, .. } if is_keyword(text) => format!("<{text}>"),
            token => quoted(token.text),
        };
        self.stop(format!("unexpected {shown} in {context}"))
    }

    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MOST_NESTING {
            return self.stop("template is nested too deeply");
        }
        self.depth += 1;
        let parsed = rule(self);
        self.depth -= 1;
        parsed
    }

    fn whole(&mut self) -> Parse<Block> {
        let (body, ending) = self.block()?;
        match ending {
            Ending::Source => Ok(body),
            Ending::End => self.stop("unexpected {{end}}"),
            Ending::Else => self.stop("unexpected {{else}}"),
        }
    }

    /// Nodes until `end`, `else` or the end of the source. The word that ended it has been taken.
    fn block(&mut self) -> Parse<(Block, Ending)> {
        let mut nodes = Vec::new();
        loop {
            let token = self.peek().clone();
            match token.kind {
                Kind::End => return Ok((nodes, Ending::Source)),
                Kind::Text => {
                    self.take();
                    nodes.push(Node::Text(token.text.to_owned()));
                }
                Kind::Open => {
                    self.take();
                    let word = self.peek_word().clone();
                    match word.text {
                        "end" if word.kind == Kind::Word => {
                            self.take();
                            self.close("end")?;
                            return Ok((nodes, Ending::End));
                        }
                        "else" if word.kind == Kind::Word => {
                            self.take();
                            return Ok((nodes, Ending::Else));
                        }
                        _ => nodes.extend(self.deeper(Self::action)?),
                    }
                }
                _ => return self.unexpected("input"),
            }
        }
    }

    fn close(&mut self, context: &str) -> Parse<()> {
        if self.peek_word().kind != Kind::Close {
            return self.unexpected(context);
        }
        self.take();
        Ok(())
    }

    /// An action; none where it only defines.
    fn action(&mut self) -> Parse<Option<Node>> {
        let word = self.peek_word().clone();
        if word.kind == Kind::Word && is_keyword(word.text) {
            self.take();
            return match word.text {
                "if" => Ok(Some(Node::If(self.branch("if")?))),
                "with" => Ok(Some(Node::With(self.branch("with")?))),
                "range" => Ok(Some(Node::Range(self.branch("range")?))),
                "break" | "continue" => self.leave(word.text).map(Some),
                "template" => self.template().map(Some),
                "define" => self.define().map(|()| None),
                "block" => self.block_action().map(Some),
                other => self.stop(format!("unexpected <{other}> in command")),
            };
        }
        let pipeline = self.pipeline("command")?;
        self.close("command")?;
        Ok(Some(Node::Action(pipeline)))
    }

    fn leave(&mut self, word: &str) -> Parse<Node> {
        if self.loops == 0 {
            return self.stop(format!("{{{{{word}}}}} outside {{{{range}}}}"));
        }
        self.close(word)?;
        Ok(if word == "break" { Node::Break } else { Node::Continue })
    }

    fn branch(&mut self, word: &str) -> Parse<Branch> {
        let seen = self.variables.len();
        let pipeline = self.pipeline(word)?;
        self.close(word)?;
        self.loops += usize::from(word == "range");
        let parsed = self.block();
        self.loops -= usize::from(word == "range");
        let (body, ending) = parsed?;
        let otherwise = match ending {
            Ending::End => Vec::new(),
            Ending::Else => self.otherwise(word)?,
            Ending::Source => return self.stop("unexpected EOF"),
        };
        self.variables.truncate(seen);
        Ok(Branch { pipeline, body, otherwise })
    }

    /// What stands behind `else`: a block, or another `if` or `with` that shares the `end`.
    fn otherwise(&mut self, word: &str) -> Parse<Block> {
        let next = self.peek_word().clone();
        let chained = matches!(word, "if" | "with") && next.kind == Kind::Word && next.text == word;
        if chained {
            self.take();
            let inner = self.deeper(|own| own.branch(word))?;
            return Ok(vec![if word == "if" { Node::If(inner) } else { Node::With(inner) }]);
        }
        self.close("else")?;
        match self.block()? {
            (block, Ending::End) => Ok(block),
            (_, Ending::Else) => self.stop("expected end; found {{else}}"),
            (_, Ending::Source) => self.stop("unexpected EOF"),
        }
    }

    fn name(&mut self, context: &str) -> Parse<(String, Span)> {
        let token = self.peek_word().clone();
        if token.kind != Kind::Quoted {
            return self.unexpected(context);
        }
        match unquoted(token.text) {
            Some(name) => {
                self.take();
                Ok((name, token.span))
            }
            None => self.stop("invalid syntax"),
        }
    }

    fn template(&mut self) -> Parse<Node> {
        let (name, span) = self.name("template clause")?;
        let argument = match self.peek_word().kind {
            Kind::Close => None,
            _ => Some(self.pipeline("template clause")?),
        };
        self.close("template clause")?;
        Ok(Node::Template { name, argument, span })
    }

    fn define(&mut self) -> Parse<()> {
        if self.depth > 1 {
            return self.stop("unexpected {{define}}");
        }
        let (name, _) = self.name("define clause")?;
        self.close("define clause")?;
        self.definition(name)
    }

    /// `{{ block "name" x }} … {{ end }}` defines and runs.
    fn block_action(&mut self) -> Parse<Node> {
        let (name, span) = self.name("block clause")?;
        let argument = self.pipeline("block clause")?;
        self.close("block clause")?;
        self.definition(name.clone())?;
        Ok(Node::Template { name, argument: Some(argument), span })
    }

    fn definition(&mut self, name: String) -> Parse<()> {
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let loops = std::mem::take(&mut self.loops);
        let parsed = self.block()?;
        self.variables = outer;
        self.loops = loops;
        match parsed {
            (body, Ending::End) => {
                self.defined.insert(name, body);
                Ok(())
            }
            (_, Ending::Else) => self.stop("unexpected {{else}} in define clause"),
            (_, Ending::Source) => self.stop("unexpected EOF"),
        }
    }

    fn is_function(&self, name: &str) -> bool {
        builtins::NAMES.contains(&name) || self.functions.get(name).is_some()
    }

    /// A pipeline up to what closes it, which is left.
    fn pipeline(&mut self, context: &str) -> Parse<Pipeline> {
        let start = self.peek_word().span.start;
        let (variables, assigns) = self.targets(context)?;
        let mut commands = vec![self.command(context)?];
        while self.is_symbol("|") {
            self.take();
            commands.push(self.command(context)?);
        }
        self.check_later_commands(&commands)?;
        if !assigns {
            self.variables.extend(variables.iter().cloned());
        }
        let end = commands.last().map_or(start, |command| command.span.end);
        Ok(Pipeline { variables, assigns, commands, span: Span { start, end } })
    }
}

fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "if" | "else"
            | "end"
            | "with"
            | "range"
            | "break"
            | "continue"
            | "template"
            | "define"
            | "block"
    )
}
