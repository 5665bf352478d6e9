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
    fault: Option<String>,
}

impl Steps {
    /// Runs one.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) {
        println!("\n══ {name} {}", "═".repeat(70_usize.saturating_sub(name.len())));
        let begun = Instant::now();
        let fault = work().err().map(|error| format!("{error:#}"));
        let step = Step { name, took: begun.elapsed(), fault };
        println!("{}", step.line());
        self.done.push(step);
    }

    /// Says how all of them went.
    pub(crate) fn summary(self) -> Result<()> {
        println!("\n══ summary {}", "═".repeat(63));
        let all = self.done.iter().map(|step| step.took).sum::<Duration>();
        self.done.iter().for_each(|step| println!("{}", step.line()));
        let failed: Vec<_> =
            self.done.iter().filter(|step| step.fault.is_some()).map(|step| step.name).collect();
        println!("{:>8.1} s in all", all.as_secs_f64());
        if failed.is_empty() {
            return Ok(());
        }
        bail!("failed: {}", failed.join(", "))
    }
}

impl Step {
    fn line(&self) -> String {
        let seconds = self.took.as_secs_f64();
        match &self.fault {
            None => format!("{seconds:>8.1} s  ok      {}", self.name),
            Some(fault) => format!("{seconds:>8.1} s  FAILED  {}: {fault}", self.name),
        }
    }
}
