//! The routes over a store in memory: answers, errors, streams, the UI's files, and the document about them.

#[path = "../../../workbench/tests/questions/build.rs"]
mod build;
mod document;
mod door;
mod life;
mod logs;
mod metrics;
mod pictures;
mod prometheus;
mod runs;
mod shop;
mod streams;
mod targets;
mod traces;
mod ui;
