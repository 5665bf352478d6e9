//! The cursor over the tokens, and where faults are gathered. The grammar stands in the files beside it.

use super::faults::ParseFault;
use super::lexer;
use super::tokens::{Token, TokenKind};
use super::{ParserOptions, strings};
use crate::tree::Span;

/// The text cannot be understood from here on; why is already among the faults.
#[derive(Debug)]
pub(super) struct Stop;

/// What a rule of the grammar gives.
pub(super) type Parsed<T> = Result<T, Stop>;

/// How deep parentheses, calls and signs may nest: no text may overflow the stack.
const MAX_DEPTH: usize = 100;
/// How many operators and brackets an expression may have: each may deepen the tree by one.
const MAX_LINKS: usize = 500;

pub(super) struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    place: usize,
    pub(super) options: ParserOptions,
    faults: Vec<ParseFault>,
    depth: usize,
    links: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, options: ParserOptions) -> Self {
        let tokens = lexer::tokens(text);
        Self { tokens, place: 0, options, faults: Vec::new(), depth: 0, links: 0 }
    }

    pub(super) fn into_faults(self) -> Vec<ParseFault> {
        self.faults
    }

    /// The token that comes next.
    pub(super) fn peek(&self) -> &Token<'a> {
        self.peek_at(0)
    }

    /// The token that comes after `ahead` others; the last one again behind the end.
    pub(super) fn peek_at(&self, ahead: usize) -> &Token<'a> {
        let last = self.tokens.len() - 1;
        self.tokens
            .get(self.place + ahead)
            .unwrap_or_else(|| self.tokens.get(last).expect("the lexer gives at least the end"))
    }

    /// Takes the next token.
    pub(super) fn take(&mut self) -> Token<'a> {
        let token = self.peek().clone();
        self.place = (self.place + 1).min(self.tokens.len());
        token
    }

    /// Takes the next token if it is this symbol.
    pub(super) fn take_symbol(&mut self, symbol: &str) -> Option<Token<'a>> {
        self.peek().is_symbol(symbol).then(|| self.take())
    }

    /// Takes the next token if it is this keyword.
    pub(super) fn take_word(&mut self, word: &str) -> Option<Token<'a>> {
        self.peek().is_word(word).then(|| self.take())
    }

    /// Takes this symbol, or says what stands in its place.
    pub(super) fn expect_symbol(
        &mut self,
        symbol: &str,
        context: &str,
        expected: &str,
    ) -> Parsed<Token<'a>> {
        self.take_symbol(symbol).ok_or_else(|| self.unexpected(context, expected))
    }

    /// Where the token before the next one ends.
    pub(super) fn last_end(&self) -> usize {
        let before = self.place.checked_sub(1).and_then(|place| self.tokens.get(place));
        before.map_or(0, |token| token.span.end)
    }

    /// Notes a fault and goes on.
    pub(super) fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(ParseFault { span, message: message.into() });
    }

    /// The next token cannot stand here.
    pub(super) fn unexpected(&mut self, context: &str, expected: &str) -> Stop {
        let token = self.peek().clone();
        let message = if let TokenKind::Fault(message) = token.kind {
            message
        } else {
            let mut message = format!("unexpected {}", token.description());
            if !context.is_empty() {
                message = format!("{message} in {context}");
            }
            if !expected.is_empty() {
                message = format!("{message}, expected {expected}");
            }
            message
        };
        self.fault(token.span, message);
        Stop
    }

    /// The text of a token in quotes.
    pub(super) fn unquoted(&mut self, token: &Token<'_>) -> String {
        strings::unquoted(token.text).unwrap_or_else(|cause| {
            let source = strings::quoted(token.text);
            self.fault(token.span, format!("error unquoting string {source}: {cause}"));
            String::new()
        })
    }

    /// Runs a rule one level deeper, if that is not too deep.
    pub(super) fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let parsed = rule(self);
        self.depth -= 1;
        parsed
    }

    /// Counts an operator or bracket that wraps what came before.
    pub(super) fn link(&mut self) -> Parsed<()> {
        self.links += 1;
        if self.links > MAX_LINKS { Err(self.too_deep()) } else { Ok(()) }
    }

    fn too_deep(&mut self) -> Stop {
        let span = self.peek().span;
        self.fault(span, "expression is nested too deeply");
        Stop
    }
}
