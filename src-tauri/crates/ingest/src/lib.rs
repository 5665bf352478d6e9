//! Receivers, and the pipeline from the socket to the store: limits, live tail.
//!
//! [`Listeners`] binds a port, [`serve`] takes its connections, [`receiver::http`] and [`receiver::grpc`] are what
//! they reach, and [`Pipeline`] decodes what comes and appends it to the store. A request is answered when it is
//! safe; then it is shown to whoever has called [`Pipeline::subscribe`]. What is wrong with a request is told to
//! its sender, and to the developer through [`Mistakes`], with the line to paste.
//!
//! [`scrape`] goes the other way: it fetches from targets what they expose, as Prometheus does.
//!
//! [`Guard`] stands in front of every HTTP surface of the product: loopback is reachable from any web page.
//!
//! Absent on purpose: queries, the disk, and any clock but the receivers' own.

mod answer;
mod budget;
mod counters;
pub mod files;
mod guard;
mod holder;
mod inflate;
mod listeners;
mod mistake;
mod pipeline;
pub mod receiver;
mod refusal;
mod remedy;
mod samples;
pub mod scrape;
mod serve;
mod translate;

pub use budget::{Budget, Exhausted, Share};
pub use counters::{Count, Counters, RATE_SECONDS, Rates, Totals};
pub use guard::Guard;
pub use holder::holder_of;
pub use listeners::{BindError, Listeners};
pub use mistake::{Endpoints, Kind, Mistake, Mistakes};
pub use pipeline::{Limits, Live, Pipeline};
pub use receiver::Receiver;
pub use refusal::Refusal;
pub use samples::KeptSamples;
pub use serve::serve;
pub use translate::{Naming, Promotion, Translation, TranslationSettings};
