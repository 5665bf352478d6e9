//! The stages of a pipeline, made ready to run. A line goes through all of them without a call through a trait.

mod choose;
mod decolorize;
mod format;
mod hints;
mod ip;
mod json;
mod json_path;
mod label_filter;
mod line_filter;
mod line_pattern;
mod logfmt;
mod needed;
mod pattern;
mod regexp;
mod row;
mod unpack;
mod unwrap;

pub(crate) use hints::hints;
pub(crate) use line_filter::LineTest;
pub(crate) use needed::Needed;
pub(crate) use row::{Category, Row};
pub(crate) use unwrap::Unwrapper;

use watchglass_storage::Nanos;

use crate::tree::{LabelFilter, Stage, StageKind};

/// The labels that tell of a failure.
pub(crate) const ERROR: &str = "__error__";
/// What failed, in words.
pub(crate) const ERROR_DETAILS: &str = "__error_details__";

/// What `__error__` says.
pub(crate) mod failure {
    pub(crate) const JSON: &str = "JSONParserErr";
    pub(crate) const LOGFMT: &str = "LogfmtParserErr";
    pub(crate) const SAMPLE: &str = "SampleExtractionErr";
    pub(crate) const LABEL_FILTER: &str = "LabelFilterErr";
    pub(crate) const TEMPLATE: &str = "TemplateFormatErr";
}

/// A stage that can run.
#[derive(Debug, Clone)]
enum Step {
    Line(LineTest),
    Json(json::Json),
    Logfmt(logfmt::LogfmtParser),
    Regexp(regexp::Regexp),
    Pattern(pattern::PatternParser),
    Unpack,
    Label(label_filter::Condition),
    LineFormat(Box<format::LineFormat>),
    LabelFormat(format::LabelFormats),
    Decolorize,
    Drop(choose::Choices),
    Keep(choose::Choices),
}

impl Step {
    fn new(stage: &StageKind) -> Result<Self, String> {
        Ok(match stage {
            StageKind::Line(filter) => Self::Line(LineTest::new(filter)?),
            StageKind::Json(extractions) => Self::Json(json::Json::new(extractions)?),
            StageKind::Logfmt(own) => Self::Logfmt(logfmt::LogfmtParser::new(own)?),
            StageKind::Regexp(source) => Self::Regexp(regexp::Regexp::new(source)?),
            StageKind::Pattern(source) => Self::Pattern(pattern::PatternParser::new(source)?),
            StageKind::Unpack => Self::Unpack,
            StageKind::Label(filter) => Self::Label(label_filter::Condition::new(filter)?),
            StageKind::LineFormat(source) => {
                Self::LineFormat(Box::new(format::LineFormat::new(source)?))
            }
            StageKind::LabelFormat(formats) => {
                Self::LabelFormat(format::LabelFormats::new(formats)?)
            }
            StageKind::Decolorize => Self::Decolorize,
            StageKind::Drop(choices) => Self::Drop(choose::Choices::new(choices)),
            StageKind::Keep(choices) => Self::Keep(choose::Choices::new(choices)),
        })
    }

    /// Whether it makes labels of the line.
    const fn is_parser(&self) -> bool {
        matches!(
            self,
            Self::Json(_) | Self::Logfmt(_) | Self::Regexp(_) | Self::Pattern(_) | Self::Unpack
        )
    }

    /// Whether it looks at the line.
    fn reads_line(&self) -> bool {
        match self {
            Self::Line(_) | Self::LineFormat(_) | Self::Decolorize => true,
            Self::LabelFormat(formats) => formats.read_line(),
            other => other.is_parser(),
        }
    }
}

/// What is wrong with a stage, if anything.
pub(crate) fn check(stage: &StageKind) -> Result<(), String> {
    Step::new(stage).map(|_| ())
}

/// What is wrong with a condition, if anything.
pub(crate) fn check_label_filter(filter: &LabelFilter) -> Result<(), String> {
    label_filter::Condition::new(filter).map(|_| ())
}

/// A pipeline that can run.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    steps: Vec<Step>,
    needed: Needed,
    /// What templates take for the present.
    now: Nanos,
}

impl Pipeline {
    /// A pipeline whose parsers extract what is `needed`. Its stages have been checked.
    pub(crate) fn new(stages: &[Stage], needed: Needed, now: Nanos) -> Result<Self, String> {
        let steps = stages.iter().map(|stage| Step::new(&stage.kind));
        let mut steps = steps.collect::<Result<Vec<_>, _>>()?;
        if needed.is_nothing() {
            steps.retain(|step| !step.is_parser() || matches!(step, Step::Unpack));
        }
        Ok(Self { steps, needed, now })
    }

    /// The line filter that comes first, if it may be tried on many lines at once.
    pub(crate) fn first_filter(&self) -> Option<&LineTest> {
        match self.steps.first() {
            Some(Step::Line(test)) => Some(test),
            _ => None,
        }
    }

    /// The same without its first stage.
    pub(crate) fn without_first(&self) -> Self {
        let steps = self.steps.get(1..).unwrap_or_default().to_vec();
        Self { steps, needed: self.needed.clone(), now: self.now }
    }

    /// Whether any stage looks at the line.
    pub(crate) fn reads_line(&self) -> bool {
        self.steps.iter().any(Step::reads_line)
    }

    /// Whether rows leave with the labels with which they came, whatever is in their lines.
    pub(crate) fn keeps_labels(&self) -> bool {
        self.steps.iter().all(|step| match step {
            Step::Line(_) | Step::Decolorize => true,
            Step::Label(condition) => !condition.may_fail(),
            _ => false,
        })
    }

    /// Runs all stages; false where the row is dropped.
    pub(crate) fn run(&self, row: &mut Row<'_>) -> bool {
        for step in &self.steps {
            let kept = match step {
                Step::Line(test) => test.passes(&row.line),
                Step::Json(parser) => parser.run(row, &self.needed),
                Step::Logfmt(parser) => parser.run(row, &self.needed),
                Step::Regexp(parser) => parser.run(row, &self.needed),
                Step::Pattern(parser) => parser.run(row, &self.needed),
                Step::Unpack => unpack::run(row, &self.needed),
                Step::Label(condition) => condition.holds(row),
                Step::LineFormat(format) => format.run(row, self.now),
                Step::LabelFormat(formats) => formats.run(row, self.now),
                Step::Decolorize => decolorize::run(row),
                Step::Drop(choices) => choices.drop_from(row),
                Step::Keep(choices) => choices.keep_in(row),
            };
            if !kept {
                return false;
            }
        }
        true
    }
}
