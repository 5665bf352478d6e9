//! The command itself: its input and output are the terminal's, signals reach it, and its end is ours.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use anyhow::{Context, anyhow};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use super::environment::Variable;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Its exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    signal: Option<i32>,
}

impl Ended {
    /// The code with which a shell tells it: 128 and the signal where there was one.
    pub(crate) fn shell_code(self) -> u8 {
        let code = self.code.or(self.signal.map(|signal| 128 + signal));
        u8::try_from(code.unwrap_or(1)).unwrap_or(1)
    }
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        Self { code: status.code(), signal: status.signal() }
    }
}

/// Runs a command with these variables changed, to its end.
pub(crate) async fn run(command: &[OsString], variables: &[Variable]) -> anyhow::Result<Ended> {
    let (program, words) = command.split_first().context("there is no command to run")?;
    let mut starting = Command::new(program);
    starting.args(words);
    for (name, value) in variables {
        match value {
            Some(value) => starting.env(name, value),
            None => starting.env_remove(name),
        };
    }
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut child = starting.spawn().map_err(|error| {
        let program = program.to_string_lossy();
        anyhow!("`{program}` cannot be run ({error}): check its name and that it is installed")
    })?;
    let pid = child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
    // A terminal sends Ctrl-C to everything in the foreground: passing it on would deliver it twice.
    let is_terminal = std::io::stdin().is_terminal();
    let pass_on = |signal| {
        if let Some(pid) = pid {
            // It may have ended in this moment.
            let _ = kill_process(pid, signal);
        }
    };
    loop {
        tokio::select! {
            ended = child.wait() => return Ok(ended?.into()),
            _ = interrupt.recv() => if !is_terminal { pass_on(Signal::INT) },
            _ = terminate.recv() => pass_on(Signal::TERM),
            _ = hang_up.recv() => pass_on(Signal::HUP),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split('|').map(OsString::from).collect()
    }

    #[tokio::test]
    async fn its_code_and_signal_are_passed_on() {
        for (script, code) in [("exit 0", 0), ("exit 42", 42), ("kill -9 $$", 137)] {
            let ended = run(&words(&format!("sh|-c|{script}")), &[]).await.unwrap();
            assert_eq!(ended.shell_code(), code, "{script}");
        }
    }

    #[tokio::test]
    async fn variables_are_set_and_taken_away() {
        let variables = [("WATCHGLASS_A", Some("1".into())), ("PATH_X", None)];
        let script = "test \"$WATCHGLASS_A\" = 1 && test -z \"$PATH_X\"";
        let ended = run(&words(&format!("sh|-c|{script}")), &variables).await.unwrap();
        assert_eq!(ended.shell_code(), 0);
    }

    #[tokio::test]
    async fn a_missing_program_is_one_sentence() {
        let error = run(&words("no-such-program-here"), &[]).await.unwrap_err().to_string();
        assert!(error.starts_with("`no-such-program-here` cannot be run"), "{error}");
    }
}
