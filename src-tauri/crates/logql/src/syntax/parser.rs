//! The cursor over the tokens. The grammar stands in the files beside it.

use watchglass_storage::Matcher;

use super::faults::ParseFault;
use super::lexer;
use super::tokens::{Token, TokenKind};
use crate::tree::{Expr, Grouping, RangeOperation, Span, VectorOperation};

/// What a rule of the grammar gives.
pub(super) type Parsed<T> = Result<T, ParseFault>;

/// How deep parentheses and calls may nest, and how many operators may follow one another: no text may overflow the
/// stack.
const MOST_NESTING: usize = 100;
const MOST_LINKS: usize = 500;

pub(super) struct Parser<'a> {
    query: &'a str,
    tokens: Vec<Token<'a>>,
    place: usize,
    depth: usize,
    links: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(query: &'a str) -> Self {
        Self { query, tokens: lexer::tokens(query), place: 0, depth: 0, links: 0 }
    }

    pub(super) fn whole(&mut self) -> Parsed<Expr> {
        let expr = self.expression(0)?;
        if self.peek().kind != TokenKind::End {
            return self.unexpected(&[]);
        }
        Ok(expr)
    }

    pub(super) fn whole_selector(&mut self) -> Parsed<Vec<Matcher>> {
        let matchers = self.selector()?;
        if self.peek().kind != TokenKind::End {
            return self.unexpected(&["$end"]);
        }
        Ok(matchers)
    }

    /// The token that comes next.
    pub(super) fn peek(&self) -> &Token<'a> {
        self.peek_at(0)
    }

    /// The token that comes after `ahead` others; the last one again behind the end.
    pub(super) fn peek_at(&self, ahead: usize) -> &Token<'a> {
        let last = self.tokens.last().expect("the lexer gives at least the end");
        self.tokens.get(self.place + ahead).unwrap_or(last)
    }

    /// Takes the next token.
    pub(super) fn take(&mut self) -> Token<'a> {
        let token = self.peek().clone();
        self.place = (self.place + 1).min(self.tokens.len());
        token
    }

    /// Takes the next token if it is this symbol.
    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.peek().is_symbol(symbol);
        if found {
            self.take();
        }
        found
    }

    /// Takes the next token if it is this keyword.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek().is_word(word);
        if found {
            self.take();
        }
        found
    }

    /// Takes this symbol, or says what stands in its place.
    pub(super) fn expect_symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.take_symbol(symbol) { Ok(()) } else { self.unexpected(&[symbol]) }
    }

    /// Takes a text.
    pub(super) fn expect_text(&mut self) -> Parsed<String> {
        match &self.peek().kind {
            TokenKind::Text(text) => {
                let text = text.clone();
                self.take();
                Ok(text)
            }
            _ => self.unexpected(&["STRING"]),
        }
    }

    /// Takes a name that is no keyword.
    pub(super) fn expect_name(&mut self) -> Parsed<String> {
        if self.peek().is_name() && !self.is_function() {
            return Ok(self.take().text.to_owned());
        }
        self.unexpected(&["IDENTIFIER"])
    }

    /// Takes a number with a sign.
    pub(super) fn take_number(&mut self) -> Option<f64> {
        let signed = self.peek().is_symbol("-") || self.peek().is_symbol("+");
        let TokenKind::Number(number) = self.peek_at(usize::from(signed)).kind else { return None };
        let negative = signed && self.take().text == "-";
        self.take();
        Some(if negative { -number } else { number })
    }

    /// Where the token before the next one ends.
    pub(super) fn last_end(&self) -> usize {
        let before = self.place.checked_sub(1).and_then(|place| self.tokens.get(place));
        before.map_or(0, |token| token.span.end)
    }

    /// From `start` to the last token taken.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span { start, end: self.last_end().max(start) }
    }

    /// The next token cannot stand here. What could is named where it is little, as yacc does.
    pub(super) fn unexpected<T>(&self, expected: &[&str]) -> Parsed<T> {
        let token = self.peek();
        if let TokenKind::Fault(message) = &token.kind {
            return Err(ParseFault::syntax(self.query, token.span, message.clone()));
        }
        let mut message =
            format!("syntax error: unexpected {}", token.description(self.is_function()));
        if !expected.is_empty() && expected.len() <= 4 {
            message = format!("{message}, expecting {}", expected.join(" or "));
        }
        Err(ParseFault::syntax(self.query, token.span, message))
    }

    /// A fault of what is said at a place.
    pub(super) fn fault<T>(&self, span: Span, message: impl Into<String>) -> Parsed<T> {
        Err(ParseFault::syntax(self.query, span, message))
    }

    /// Runs a rule one level deeper, if that is not too deep.
    pub(super) fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MOST_NESTING {
            return self.fault(self.peek().span, "expression is nested too deeply");
        }
        self.depth += 1;
        let parsed = rule(self);
        self.depth -= 1;
        parsed
    }

    /// Counts what makes the tree deeper without nesting.
    pub(super) fn link(&mut self) -> Parsed<()> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return self.fault(self.peek().span, "expression has too many operators");
        }
        Ok(())
    }

    /// Whether the next token is the name of a function and stands where one is called: before `(`, `by (` or
    /// `without (`.
    pub(super) fn is_function(&self) -> bool {
        let token = self.peek();
        if token.kind != TokenKind::Word || !is_function_name(token.text) {
            return false;
        }
        let next = self.peek_at(1);
        next.is_symbol("(")
            || ((next.is_word("by") || next.is_word("without")) && self.peek_at(2).is_symbol("("))
    }

    /// `by (a, b)` or `without (a, b)`, if it stands here.
    pub(super) fn grouping(&mut self) -> Parsed<Option<Grouping>> {
        let without = self.peek().is_word("without");
        if !without && !self.peek().is_word("by") {
            return Ok(None);
        }
        self.take();
        let labels = self.label_list()?;
        Ok(Some(Grouping { without, labels }))
    }

    /// `(a, b)`, which may be empty.
    pub(super) fn label_list(&mut self) -> Parsed<Vec<String>> {
        self.expect_symbol("(")?;
        let mut labels = Vec::new();
        if self.take_symbol(")") {
            return Ok(labels);
        }
        loop {
            labels.push(self.expect_name()?);
            if self.take_symbol(")") {
                return Ok(labels);
            }
            if !self.take_symbol(",") {
                return self.unexpected(&[")", ","]);
            }
        }
    }
}

/// The operation of this name, in any case.
pub(super) fn range_operation(word: &str) -> Option<RangeOperation> {
    RangeOperation::ALL.into_iter().find(|own| own.text().eq_ignore_ascii_case(word))
}

/// The operation of this name, in any case.
pub(super) fn vector_operation(word: &str) -> Option<VectorOperation> {
    VectorOperation::ALL.into_iter().find(|own| own.text().eq_ignore_ascii_case(word))
}

fn is_function_name(word: &str) -> bool {
    const OTHERS: [&str; 6] =
        ["vector", "label_replace", "ip", "bytes", "duration", "duration_seconds"];
    range_operation(word).is_some()
        || vector_operation(word).is_some()
        || OTHERS.iter().any(|own| own.eq_ignore_ascii_case(word))
}
