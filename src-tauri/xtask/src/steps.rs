//! Steps with a heading and a time each, and a summary at the end. One that fails does not keep others from running.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The steps run so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: &'static str,
    took: Duration,
    ended: Ended,
}

#[derive(Debug)]
enum Ended {
    Well,
    /// What the tests that need it will say too.
    Skipped(String),
    Failed(String),
}

impl Steps {
    /// Runs one.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) {
        self.run(name, work, Ended::Failed);
    }

    /// Runs one that a machine may lack the means for: an error skips it.
    pub(crate) fn optional(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) {
        self.run(name, work, Ended::Skipped);
    }

    fn run(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<()>,
        of_error: fn(String) -> Ended,
    ) {
        println!("\n══ {name} {}", "═".repeat(70_usize.saturating_sub(name.len())));
        let begun = Instant::now();
        let ended = match work() {
            Ok(()) => Ended::Well,
            Err(error) => of_error(format!("{error:#}")),
        };
        let step = Step { name, took: begun.elapsed(), ended };
        println!("{}", step.line());
        self.done.push(step);
    }

    /// Says how all of them went.
    pub(crate) fn summary(self) -> Result<()> {
        println!("\n══ summary {}", "═".repeat(63));
        let all = self.done.iter().map(|step| step.took).sum::<Duration>();
        self.done.iter().for_each(|step| println!("{}", step.line()));
        let failed: Vec<_> = self.done.iter().filter_map(Step::failed).collect();
        println!("{:>8.1} s in all", all.as_secs_f64());
        if failed.is_empty() {
            return Ok(());
        }
        bail!("failed: {}", failed.join(", "))
    }
}

impl Step {
    fn failed(&self) -> Option<&'static str> {
        matches!(self.ended, Ended::Failed(_)).then_some(self.name)
    }

    fn line(&self) -> String {
        let seconds = self.took.as_secs_f64();
        match &self.ended {
            Ended::Well => format!("{seconds:>8.1} s  ok      {}", self.name),
            Ended::Skipped(why) => format!("{seconds:>8.1} s  skipped {}: {why}", self.name),
            Ended::Failed(fault) => format!("{seconds:>8.1} s  FAILED  {}: {fault}", self.name),
        }
    }
}
