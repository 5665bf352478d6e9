//! The shapes of JSON under /api. Names and fields are a promise to the UI; how they come about is the workbench's.

pub(crate) mod attributes;
pub(crate) mod cardinality;
pub(crate) mod events;
pub(crate) mod ids;
pub(crate) mod logs;
pub(crate) mod metrics;
pub(crate) mod runs;
pub(crate) mod services;
pub(crate) mod status;
pub(crate) mod traces;
pub(crate) mod values;
