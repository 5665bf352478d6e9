//! Scraping as Prometheus 3 does it: targets are discovered, relabelled, and fetched one by one in their own rhythm.
//!
//! [`Scrapes`] holds the jobs of a configuration; each has a pool that follows its discoveries and runs a loop a target.
//! [`TargetScraper`] is one target's way from the request to the store, and can be driven by hand. What a target exposed
//! before is remembered by the text of its series, so that a scrape that brings nothing new looks each series up once.
//!
//! A target that hangs costs itself: every loop is a task of its own with a timeout. Absent on purpose: the file that
//! the configuration is read from, and who watches it.

mod absorb;
mod client;
mod clock;
mod discovery;
mod fetch;
mod pool;
mod report;
mod rhythm;
mod scraper;
mod scrapes;
mod target;

pub use client::{ClientFault, Requester};
pub use pool::{DroppedTarget, PoolStatus};
pub use scraper::{Health, TargetScraper, TargetStatus};
pub use scrapes::Scrapes;
pub use target::{Target, TargetFault, Targeted};
pub use watchglass_configuration::duration_text;
