//! The stages of a pipeline.

use super::parser::{Parsed, Parser};
use super::tokens::TokenKind;
use crate::tree::{
    Extraction, LabelChoice, LabelFormat, LabelSource, LineFilter, LineOperand, LineOperator,
    LogExpr, Logfmt, Stage, StageKind,
};

const LINE_OPERATORS: [LineOperator; 6] = [
    LineOperator::Contains,
    LineOperator::NotContains,
    LineOperator::Matches,
    LineOperator::NotMatches,
    LineOperator::Pattern,
    LineOperator::NotPattern,
];

impl Parser<'_> {
    /// A selector and its pipeline, as far as it goes.
    pub(super) fn log_expression(&mut self) -> Parsed<LogExpr> {
        let start = self.peek().span.start;
        let matchers = self.selector()?;
        let mut stages = Vec::new();
        while self.stands_before_stage() {
            stages.push(self.stage()?);
        }
        Ok(LogExpr { matchers, stages, span: self.span_from(start) })
    }

    /// Whether a stage begins here. `unwrap` is none: it belongs to the range.
    pub(super) fn stands_before_stage(&self) -> bool {
        let bar = self.peek().is_symbol("|") && !self.peek_at(1).is_word("unwrap");
        bar || self.line_operator().is_some()
    }

    fn line_operator(&self) -> Option<LineOperator> {
        LINE_OPERATORS.into_iter().find(|operator| self.peek().is_symbol(operator.text()))
    }

    pub(super) fn stage(&mut self) -> Parsed<Stage> {
        self.link()?;
        let start = self.peek().span.start;
        let kind = if let Some(operator) = self.line_operator() {
            self.take();
            StageKind::Line(self.line_filter(operator)?)
        } else {
            self.expect_symbol("|")?;
            self.named_stage()?
        };
        Ok(Stage { kind, span: self.span_from(start) })
    }

    fn line_filter(&mut self, operator: LineOperator) -> Parsed<LineFilter> {
        let mut operands = vec![self.line_operand(operator)?];
        while self.take_word("or") {
            self.link()?;
            operands.push(self.line_operand(operator)?);
        }
        Ok(LineFilter { operator, operands })
    }

    fn line_operand(&mut self, operator: LineOperator) -> Parsed<LineOperand> {
        let takes_ip = matches!(operator, LineOperator::Contains | LineOperator::NotContains);
        if takes_ip && self.peek().is_word("ip") && self.is_function() {
            self.take();
            return self.addresses().map(LineOperand::Ip);
        }
        match &self.peek().kind {
            TokenKind::Text(text) => {
                let text = text.clone();
                self.take();
                Ok(LineOperand::Text(text))
            }
            _ if takes_ip => self.unexpected(&["STRING", "ip"]),
            _ => self.unexpected(&["STRING"]),
        }
    }

    /// `("10.0.0.0/8")`, behind `ip`.
    pub(super) fn addresses(&mut self) -> Parsed<String> {
        self.expect_symbol("(")?;
        let text = self.expect_text()?;
        self.expect_symbol(")")?;
        Ok(text)
    }

    fn named_stage(&mut self) -> Parsed<StageKind> {
        let word = self.peek().clone();
        if word.kind == TokenKind::Word {
            let lower = word.text.to_ascii_lowercase();
            let simple = match lower.as_str() {
                "unpack" => Some(StageKind::Unpack),
                "decolorize" => Some(StageKind::Decolorize),
                _ => None,
            };
            if let Some(kind) = simple {
                self.take();
                return Ok(kind);
            }
            match lower.as_str() {
                "json" => {
                    self.take();
                    return self.extractions().map(StageKind::Json);
                }
                "logfmt" => {
                    self.take();
                    return self.logfmt().map(StageKind::Logfmt);
                }
                "regexp" => {
                    self.take();
                    return self.expect_text().map(StageKind::Regexp);
                }
                "pattern" => {
                    self.take();
                    return self.expect_text().map(StageKind::Pattern);
                }
                "line_format" => {
                    self.take();
                    return self.expect_text().map(StageKind::LineFormat);
                }
                "label_format" => {
                    self.take();
                    return self.label_formats().map(StageKind::LabelFormat);
                }
                "drop" => {
                    self.take();
                    return self.label_choices().map(StageKind::Drop);
                }
                "keep" => {
                    self.take();
                    return self.label_choices().map(StageKind::Keep);
                }
                _ => {}
            }
        }
        self.label_filter().map(StageKind::Label)
    }

    fn logfmt(&mut self) -> Parsed<Logfmt> {
        let mut logfmt = Logfmt::default();
        while self.peek().kind == TokenKind::Flag {
            match self.take().text {
                "--strict" => logfmt.strict = true,
                _ => logfmt.keep_empty = true,
            }
        }
        logfmt.extractions = self.extractions()?;
        Ok(logfmt)
    }

    /// `a="path", b`, or nothing.
    fn extractions(&mut self) -> Parsed<Vec<Extraction>> {
        let mut extractions = Vec::new();
        if !self.peek().is_name() {
            return Ok(extractions);
        }
        loop {
            let label = self.expect_name()?;
            let path = if self.take_symbol("=") { self.expect_text()? } else { label.clone() };
            extractions.push(Extraction { label, path });
            if !self.take_symbol(",") {
                return Ok(extractions);
            }
        }
    }

    fn label_formats(&mut self) -> Parsed<Vec<LabelFormat>> {
        let mut formats: Vec<LabelFormat> = Vec::new();
        loop {
            let start = self.peek().span.start;
            let label = self.expect_name()?;
            self.expect_symbol("=")?;
            let source = match &self.peek().kind {
                TokenKind::Text(text) => {
                    let source = LabelSource::Template(text.clone());
                    self.take();
                    source
                }
                _ if self.peek().is_name() => LabelSource::Label(self.take().text.to_owned()),
                _ => return self.unexpected(&["IDENTIFIER", "STRING"]),
            };
            if formats.iter().any(|format| format.label == label) {
                return self.fault(
                    self.span_from(start),
                    format!(
                        "multiple label name '{label}' not allowed in a single format operation"
                    ),
                );
            }
            formats.push(LabelFormat { label, source });
            if !self.take_symbol(",") {
                return Ok(formats);
            }
        }
    }

    fn label_choices(&mut self) -> Parsed<Vec<LabelChoice>> {
        let mut choices = Vec::new();
        loop {
            let symbol = self.peek_at(1);
            let compares = ["=", "!=", "=~", "!~"].iter().any(|own| symbol.is_symbol(own));
            // `keep a != "x"` compares, `keep a != "x"` never filters lines: a line filter needs no comma either.
            let choice = if self.peek().is_name() && compares {
                LabelChoice::Matcher(self.matcher()?)
            } else {
                LabelChoice::Name(self.expect_name()?)
            };
            choices.push(choice);
            if !self.take_symbol(",") {
                return Ok(choices);
            }
        }
    }
}
