//! Pushes as clients send them, and as nobody should.

mod json;
mod protobuf;

use watchglass_logpush::{LabelFault, Line, LineFault, PushError, Sink, StreamLabels};

/// What was told, a line each: `{labels}` or `! fault` for streams, `time text {name=value}` or `! fault` for lines.
#[derive(Debug, Default)]
pub(crate) struct Told(pub(crate) Vec<String>);

impl Sink for Told {
    fn stream(&mut self, labels: Result<StreamLabels<'_>, LabelFault>) -> bool {
        let is_good = labels.is_ok();
        self.0.push(match labels {
            Ok(labels) => labels.to_string(),
            Err(fault) => format!("! {fault}"),
        });
        is_good
    }

    fn line(&mut self, line: Result<Line<'_>, LineFault>) {
        self.0.push(match line {
            Ok(Line { time, text, metadata }) => {
                let time = time.map_or("-".to_owned(), |time| time.to_string());
                let pairs: Vec<_> =
                    metadata.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("{time} {text} {{{}}}", pairs.join(","))
            }
            Err(fault) => format!("! {fault}"),
        });
    }
}

/// What a reading tells, or why it cannot.
pub(crate) fn told(read: impl FnOnce(&mut Told) -> Result<(), PushError>) -> Vec<String> {
    let mut told = Told::default();
    match read(&mut told) {
        Ok(()) => told.0,
        Err(error) => vec![format!("refused: {error}")],
    }
}
