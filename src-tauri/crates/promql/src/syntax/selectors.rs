//! Vector selectors: a name, and matchers in braces.

use watchglass_storage::{MatchOperator, Matcher};

use super::parser::{Parsed, Parser};
use super::tokens::{Token, TokenKind};
use crate::tree::{Edges, Expr, Node, Span, VectorSelector};

const CONTEXT: &str = "label matching";

/// One thing in braces.
enum Braced {
    /// The metric's name in quotes.
    Name(String),
    Matcher(Matcher),
    /// Its pattern does not compile, which is a fault already.
    Faulty,
}

impl Parser<'_> {
    /// The whole text as one selector.
    pub(super) fn whole_selector(&mut self) -> Parsed<VectorSelector> {
        let token = self.peek().clone();
        if !token.names_metric() && !token.is_symbol("{") {
            return Err(self.unexpected("", ""));
        }
        let expr = self.vector_selector()?;
        match expr.node {
            Node::Vector(selector) if self.peek().kind == TokenKind::End => Ok(selector),
            _ => Err(self.unexpected("", "")),
        }
    }

    /// `name`, `name{…}` or `{…}`; the caller has seen that one of them starts here.
    pub(super) fn vector_selector(&mut self) -> Parsed<Expr> {
        let start = self.peek().span.start;
        let mut name = String::new();
        if self.peek().names_metric() {
            self.take().text.clone_into(&mut name);
        }
        let mut matchers = Vec::new();
        if self.take_symbol("{").is_some() {
            let quoted_name = self.matchers(&mut matchers)?;
            if name.is_empty() {
                name = quoted_name.unwrap_or_default();
            } else if let Some(second) = quoted_name {
                matchers.push(Matcher::metric(second));
            }
        }
        if !name.is_empty() {
            matchers.push(Matcher::metric(name.as_str()));
        }
        let span = Span { start, end: self.last_end() };
        let selector = VectorSelector {
            name,
            matchers: matchers.into(),
            offset: None,
            at: None,
            edges: Edges::Plain,
        };
        Ok(Expr { node: Node::Vector(selector), span })
    }

    /// What stands in braces; gives a quoted name apart, and every further one as a matcher.
    fn matchers(&mut self, matchers: &mut Vec<Matcher>) -> Parsed<Option<String>> {
        let mut quoted_name = None;
        while self.take_symbol("}").is_none() {
            match self.matcher()? {
                Braced::Name(name) if quoted_name.is_none() => quoted_name = Some(name),
                Braced::Name(second) => matchers.push(Matcher::metric(second)),
                Braced::Matcher(matcher) => matchers.push(matcher),
                Braced::Faulty => {}
            }
            if self.take_symbol(",").is_none() && !self.peek().is_symbol("}") {
                return Err(self.unexpected(CONTEXT, "\",\" or \"}\""));
            }
        }
        Ok(quoted_name)
    }

    fn matcher(&mut self) -> Parsed<Braced> {
        let label = self.peek().clone();
        let name = match label.kind {
            TokenKind::Label => label.text.to_owned(),
            TokenKind::Text => self.unquoted(&label),
            _ => return Err(self.unexpected(CONTEXT, "identifier or \"}\"")),
        };
        self.take();
        let Some(operator) = match_operator(self.peek()) else {
            if label.kind == TokenKind::Text {
                return Ok(Braced::Name(name));
            }
            return Err(self.unexpected(CONTEXT, "label matching operator"));
        };
        self.take();
        let value = self.peek().clone();
        if value.kind != TokenKind::Text {
            return Err(self.unexpected(CONTEXT, "string"));
        }
        self.take();
        let text = self.unquoted(&value);
        Ok(match Matcher::new(name, operator, text) {
            Ok(matcher) => Braced::Matcher(matcher),
            Err(fault) => {
                self.fault(label.span.to(value.span), fault.to_string());
                Braced::Faulty
            }
        })
    }
}

fn match_operator(token: &Token<'_>) -> Option<MatchOperator> {
    [
        MatchOperator::Equal,
        MatchOperator::NotEqual,
        MatchOperator::Matches,
        MatchOperator::NotMatches,
    ]
    .into_iter()
    .find(|own| token.is_symbol(own.text()))
}
