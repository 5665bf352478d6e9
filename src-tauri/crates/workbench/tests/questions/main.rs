//! What the workbench answers over a store in memory.

mod asking;
mod build;
mod layout;
mod logs;
mod overview;
mod traces;
