//! `watchglass query`: asks the running instance, or a data folder that none has open, in one of the languages of the
//! APIs it stands in for.

mod folder;
mod logql;
mod moment;
mod place;
mod printed;
mod promql;
mod results;
mod source;

use clap::Subcommand;

use self::source::Source;
use crate::arguments::Common;
use crate::clock::now;
use crate::outcome::Outcome;
use crate::serve::runtime;

/// The languages, each with its own flags.
#[derive(Debug, Subcommand)]
pub(crate) enum Language {
    /// In PromQL: at one instant, or with --start, --end or --step at every step of a range.
    Promql(promql::Question),
    /// In LogQL: lines of a range, or numbers at every step of it.
    Logql(logql::Question),
}

/// Asks, and prints the answer on standard output; what is wrong with the question goes to standard error.
pub(crate) fn ask(common: &Common, language: &Language) -> anyhow::Result<Outcome> {
    runtime()?.block_on(async {
        let source = Source::find(common).await?;
        match language {
            Language::Promql(question) => promql::ask(&source, question, now()).await,
            Language::Logql(question) => logql::ask(&source, question, now()).await,
        }
    })
}
