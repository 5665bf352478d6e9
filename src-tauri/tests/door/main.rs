//! The built program as a shell sees it: lines, exit codes, signals.

mod demo;
mod program;
mod run;
mod serve;
mod start;
