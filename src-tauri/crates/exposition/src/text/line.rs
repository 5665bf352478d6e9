//! Lines of a text exposition: metadata and samples, one at a time, their labels in columns that are used again.

use crate::entry::{Exemplar, MetricType, ParseError, Series};
use crate::number::{float, integer, millis};
use crate::quoted::Quoted;

use super::lexer::{Dialect, Lexer, Token};

/// A line that says something.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item<'a> {
    /// Metric as written, text as written.
    Help(&'a str, &'a str),
    Type(&'a str, MetricType),
    Unit(&'a str, &'a str),
    /// The fields of [`Lines`] tell which.
    Sample,
}

/// The lines of a text, and what the sample read last consists of.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    lexer: Lexer<'a>,
    /// Where the line at hand begins.
    begin: usize,
    series_end: usize,
    name: Option<&'a str>,
    labels: Vec<(&'a str, &'a str)>,
    exemplar_labels: Vec<(&'a str, &'a str)>,
    exemplar: Option<(f64, Option<f64>)>,
    /// The type that metadata said last.
    pub(crate) kind: MetricType,
    pub(crate) value: f64,
    time: Option<Time>,
    /// What the sample read last does that Prometheus takes and `OpenMetrics` 1.0 forbids.
    pub(crate) liberty: Option<&'static str>,
}

/// A time as the dialects write it.
#[derive(Debug, Clone, Copy)]
enum Time {
    Millis(i64),
    Seconds(f64),
}

impl<'a> Lines<'a> {
    pub(crate) const fn new(bytes: &'a [u8], dialect: Dialect) -> Self {
        Self {
            lexer: Lexer::new(bytes, dialect),
            begin: 0,
            series_end: 0,
            name: None,
            labels: Vec::new(),
            exemplar_labels: Vec::new(),
            exemplar: None,
            kind: MetricType::Unknown,
            value: 0.0,
            time: None,
            liberty: None,
        }
    }

    /// The series of the sample read last.
    pub(crate) fn series(&self) -> Series<'_> {
        let text = self.lexer.slice(self.begin, self.series_end);
        Series {
            text,
            name: self.name.unwrap_or_default(),
            labels: &self.labels,
            extra: None,
            is_escaped: memchr::memchr(b'\\', text).is_some(),
            bound: self.kind.bound(),
        }
    }

    /// The exemplar of the sample read last.
    pub(crate) fn exemplar(&self) -> Option<Exemplar<'_>> {
        self.exemplar.map(|(value, time)| Exemplar {
            labels: &self.exemplar_labels,
            is_escaped: true,
            value,
            time: time.map(millis),
        })
    }

    /// The time of the sample read last in milliseconds.
    pub(crate) fn time(&self) -> Option<i64> {
        self.time.map(|time| match time {
            Time::Millis(time) => time,
            Time::Seconds(time) => millis(time),
        })
    }

    /// The time of the sample read last in seconds, as `OpenMetrics` writes it.
    pub(crate) const fn seconds(&self) -> Option<f64> {
        match self.time {
            Some(Time::Seconds(time)) => Some(time),
            _ => None,
        }
    }

    /// The name of the sample read last, as written.
    pub(crate) fn name(&self) -> &'a str {
        self.name.unwrap_or_default()
    }

    /// Where the next line begins.
    pub(crate) const fn position(&self) -> usize {
        self.lexer.at
    }

    /// The next line that says something; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Item<'a>>, ParseError> {
        loop {
            self.begin = self.lexer.at;
            let token = self.lexer.token();
            match token {
                Token::Help | Token::Type | Token::Unit => return self.metadata(token).map(Some),
                Token::MetricName => {
                    self.begin = self.lexer.start;
                    self.labels.clear();
                    self.liberty = None;
                    self.name = str::from_utf8(self.lexer.found()).ok();
                    return self.sample().map(Some);
                }
                Token::BraceOpen => {
                    self.begin = self.lexer.start;
                    self.labels.clear();
                    self.name = None;
                    self.liberty = None;
                    self.label_set(false)?;
                    self.series_end = self.lexer.at;
                    let token = self.lexer.token();
                    return self.rest_of_sample(token).map(Some);
                }
                Token::EofWord => return self.end(),
                Token::End if self.lexer.dialect == Dialect::Prometheus => return Ok(None),
                Token::End => return Err(self.fault("data does not end with # EOF")),
                Token::Linebreak => {}
                Token::Comment => {
                    let token = self.lexer.token();
                    if token != Token::Linebreak {
                        return Err(self.unexpected("linebreak expected after comment", token));
                    }
                }
                _ => return Err(self.unexpected("expected a valid start token", token)),
            }
        }
    }

    fn end(&mut self) -> Result<Option<Item<'a>>, ParseError> {
        match self.lexer.token() {
            Token::End => Ok(None),
            _ => Err(self.fault("unexpected data after # EOF")),
        }
    }

    fn metadata(&mut self, word: Token) -> Result<Item<'a>, ParseError> {
        let token = self.lexer.token();
        if token != Token::MetricName {
            let expected = format!("expected metric name after {}", word.name());
            return Err(self.unexpected(&expected, token));
        }
        let metric = self.text_of(unquoted(self.lexer.found()), "metric name")?;
        let token = self.lexer.token();
        let text = match (token, self.lexer.dialect) {
            (Token::Text, Dialect::Prometheus) => self.lexer.found().get(1..).unwrap_or_default(),
            (Token::Text, Dialect::OpenMetrics) => trimmed(self.lexer.found()),
            (_, Dialect::Prometheus) => {
                let (word, token) = (word.name(), token.name());
                return Err(self.fault(&format!("expected text in {word}, got {token}")));
            }
            _ => return Err(self.fault(&format!("expected text in {}", word.name()))),
        };
        let item = self.said(word, metric, text)?;
        if self.lexer.dialect == Dialect::Prometheus {
            let token = self.lexer.token();
            if token != Token::Linebreak {
                return Err(self.unexpected("linebreak expected after metadata", token));
            }
        }
        Ok(item)
    }

    fn said(
        &mut self,
        word: Token,
        metric: &'a str,
        text: &'a [u8],
    ) -> Result<Item<'a>, ParseError> {
        if word == Token::Type {
            let kind = metric_type(text, self.lexer.dialect)
                .ok_or_else(|| self.fault(&format!("invalid metric type {}", Quoted(text))))?;
            self.kind = kind;
            return Ok(Item::Type(metric, kind));
        }
        let text = str::from_utf8(text).map_err(|_| {
            self.fault(&format!("help text {} is not a valid utf8 string", Quoted(text)))
        })?;
        if word == Token::Help {
            return Ok(Item::Help(metric, text));
        }
        let is_suffix = metric.strip_suffix(text).is_some_and(|name| name.ends_with('_'));
        if !text.is_empty() && !is_suffix {
            let (unit, metric) = (Quoted(text.as_bytes()), Quoted(metric.as_bytes()));
            return Err(self.fault(&format!("unit {unit} not a suffix of metric {metric}")));
        }
        Ok(Item::Unit(metric, text))
    }

    fn sample(&mut self) -> Result<Item<'a>, ParseError> {
        self.series_end = self.lexer.at;
        let mut token = self.lexer.token();
        if token == Token::BraceOpen {
            self.label_set(false)?;
            self.series_end = self.lexer.at;
            token = self.lexer.token();
        }
        self.rest_of_sample(token)
    }

    /// What lies between braces.
    fn label_set(&mut self, is_exemplar: bool) -> Result<(), ParseError> {
        let mut token = self.lexer.token();
        loop {
            let name = self.lexer.found();
            match token {
                Token::BraceClose => return Ok(()),
                Token::LabelName | Token::QuotedString => {}
                _ => return Err(self.unexpected("expected label name", token)),
            }
            let is_quoted = token == Token::QuotedString;
            token = self.lexer.token();
            let ends = matches!(token, Token::Comma | Token::BraceClose);
            if ends && is_exemplar {
                return Err(self.unexpected("expected label name", token));
            }
            if ends && is_quoted {
                self.name_in_braces(name)?;
                if token == Token::BraceClose {
                    return Ok(());
                }
                token = self.lexer.token();
                continue;
            }
            if token != Token::Equal {
                return Err(self.unexpected("expected equal", token));
            }
            if is_quoted {
                self.liberty = Some("a label name in quotes");
            }
            let name = self.text_of(unquoted(name), "label name")?;
            self.label_value(name, is_exemplar)?;
            token = self.after_label()?;
        }
    }

    /// A quoted text without a value is the metric's name.
    fn name_in_braces(&mut self, name: &'a [u8]) -> Result<(), ParseError> {
        if self.name.is_some() {
            let text = Quoted(self.lexer.slice(self.begin, self.lexer.at));
            return Err(self.fault(&format!("metric name already set while parsing: {text}")));
        }
        self.name = Some(self.text_of(unquoted(name), "metric name")?);
        self.liberty = Some("a metric name in braces");
        Ok(())
    }

    fn label_value(&mut self, name: &'a str, is_exemplar: bool) -> Result<(), ParseError> {
        let token = self.lexer.token();
        if token != Token::LabelValue {
            return Err(self.unexpected("expected label value", token));
        }
        let value = str::from_utf8(unquoted(self.lexer.found())).map_err(|_| {
            self.fault(&format!("invalid UTF-8 label value: {}", Quoted(self.lexer.found())))
        })?;
        let labels = if is_exemplar { &mut self.exemplar_labels } else { &mut self.labels };
        labels.push((name, value));
        Ok(())
    }

    /// The token after a label and the comma that may follow it. Prometheus does without the comma.
    fn after_label(&mut self) -> Result<Token, ParseError> {
        let token = self.lexer.token();
        match token {
            Token::Comma => {
                let token = self.lexer.token();
                if token == Token::BraceClose {
                    self.liberty = Some("a comma after the last label");
                }
                Ok(token)
            }
            Token::BraceClose => Ok(token),
            _ if self.lexer.dialect == Dialect::Prometheus => Ok(token),
            _ => Err(self.unexpected("expected comma or brace close", token)),
        }
    }

    fn rest_of_sample(&mut self, token: Token) -> Result<Item<'a>, ParseError> {
        if self.name.is_none() {
            let text = Quoted(self.lexer.slice(self.begin, self.lexer.at));
            return Err(self.fault(&format!("metric name not set while parsing: {text}")));
        }
        self.exemplar = None;
        self.time = None;
        self.value = self.number(token, "metric")?;
        match self.lexer.dialect {
            Dialect::Prometheus => self.prometheus_end()?,
            Dialect::OpenMetrics => self.open_metrics_end()?,
        }
        Ok(Item::Sample)
    }

    fn prometheus_end(&mut self) -> Result<(), ParseError> {
        let mut token = self.lexer.token();
        if token == Token::Timestamp {
            let time = integer(self.lexer.found()).map_err(|what| self.in_context(&what))?;
            self.time = Some(Time::Millis(time));
            token = self.lexer.token();
        }
        match (token, self.time) {
            (Token::Linebreak, _) => Ok(()),
            (_, Some(_)) => Err(self.unexpected("expected next entry after timestamp", token)),
            _ => Err(self.unexpected("expected timestamp or new record", token)),
        }
    }

    fn open_metrics_end(&mut self) -> Result<(), ParseError> {
        let mut token = self.lexer.token();
        if token == Token::Timestamp {
            self.time = Some(Time::Seconds(self.seconds_at("timestamp")?));
            token = self.lexer.token();
        }
        match (token, self.time) {
            (Token::Linebreak, _) => Ok(()),
            (Token::Comment, _) => self.exemplar_end(),
            (_, Some(_)) => Err(self.unexpected("expected next entry after timestamp", token)),
            (Token::End, _) => Err(self.fault("data does not end with # EOF")),
            _ => Err(self.unexpected("expected timestamp or comment", token)),
        }
    }

    fn exemplar_end(&mut self) -> Result<(), ParseError> {
        self.exemplar_labels.clear();
        self.label_set(true)?;
        let token = self.lexer.token();
        let value = self.number(token, "exemplar labels")?;
        let mut time = None;
        let mut token = self.lexer.token();
        if token == Token::Timestamp {
            time = Some(self.seconds_at("exemplar timestamp")?);
            token = self.lexer.token();
        }
        self.exemplar = Some((value, time));
        match (token, time) {
            (Token::Linebreak, _) => Ok(()),
            (_, Some(_)) => {
                Err(self.unexpected("expected next entry after exemplar timestamp", token))
            }
            (Token::End, _) => Err(self.fault("data does not end with # EOF")),
            _ => Err(self.unexpected("expected timestamp or comment", token)),
        }
    }

    fn seconds_at(&self, what: &str) -> Result<f64, ParseError> {
        let text = self.lexer.found().get(1..).unwrap_or_default();
        let time = float(text).map_err(|what| self.in_context(&what))?;
        if !time.is_finite() {
            let time = crate::number::canonical(time);
            return Err(self.fault(&format!("invalid {what} {time}")));
        }
        Ok(time)
    }

    fn number(&self, token: Token, after: &str) -> Result<f64, ParseError> {
        if token != Token::Value {
            return Err(self.unexpected(&format!("expected value after {after}"), token));
        }
        let found = self.lexer.found();
        let text = match self.lexer.dialect {
            Dialect::Prometheus => found,
            Dialect::OpenMetrics => found.get(1..).unwrap_or_default(),
        };
        float(text).map_err(|what| self.in_context(&what))
    }

    fn text_of(&self, bytes: &'a [u8], what: &str) -> Result<&'a str, ParseError> {
        str::from_utf8(bytes)
            .map_err(|_| self.fault(&format!("invalid UTF-8 {what}: {}", Quoted(bytes))))
    }

    /// A fault with upstream's account of the token it stopped at.
    #[cold]
    fn unexpected(&self, expected: &str, token: Token) -> ParseError {
        let (got, line) = (self.shown(self.lexer.start), self.shown(self.begin));
        let (got, token, line) = (Quoted(&got), Quoted(token.name().as_bytes()), Quoted(&line));
        self.fault(&format!("{expected}, got {got} ({token}) while parsing: {line}"))
    }

    /// A fault with upstream's account of the line so far.
    #[cold]
    fn in_context(&self, what: &str) -> ParseError {
        let text = Quoted(self.lexer.slice(self.begin, self.lexer.at));
        self.fault(&format!("{what} while parsing: {text}"))
    }

    /// A fault of the line at hand.
    #[cold]
    pub(crate) fn fault(&self, message: &str) -> ParseError {
        let before = self.lexer.slice(0, self.begin);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        ParseError { line, message: message.to_owned() }
    }

    /// The text up to one byte beyond the lexer, with the line break that Prometheus adds.
    fn shown(&self, from: usize) -> Vec<u8> {
        let mut text = self.lexer.slice(from, self.lexer.at + 1).to_vec();
        let is_beyond = self.lexer.at >= self.lexer.bytes.len();
        if is_beyond && self.lexer.dialect == Dialect::Prometheus {
            text.push(b'\n');
        }
        text
    }
}

fn metric_type(text: &[u8], dialect: Dialect) -> Option<MetricType> {
    let kind = match text {
        b"counter" => MetricType::Counter,
        b"gauge" => MetricType::Gauge,
        b"histogram" => MetricType::Histogram,
        b"summary" => MetricType::Summary,
        b"untyped" if dialect == Dialect::Prometheus => MetricType::Unknown,
        _ if dialect == Dialect::Prometheus => return None,
        b"gaugehistogram" => MetricType::GaugeHistogram,
        b"info" => MetricType::Info,
        b"stateset" => MetricType::StateSet,
        b"unknown" => MetricType::Unknown,
        _ => return None,
    };
    Some(kind)
}

/// Without the space before and the line break behind.
fn trimmed(text: &[u8]) -> &[u8] {
    match text {
        [_, text @ .., _] => text,
        _ => &[],
    }
}

fn unquoted(text: &[u8]) -> &[u8] {
    let bare = text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\""));
    bare.unwrap_or(text)
}
