//! When the user or the system asks the program to end.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for Ctrl-C, SIGTERM or the terminal's end.
pub(crate) async fn asked_to_end() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        () = received(&mut interrupt) => {}
        () = received(&mut terminate) => {}
        () = received(&mut hang_up) => {}
    }
    Ok(())
}

async fn received(signal: &mut Signal) {
    signal.recv().await;
}
