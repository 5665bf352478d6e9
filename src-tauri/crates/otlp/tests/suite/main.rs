//! What holds for the crate as a whole. prost and its generated types are the oracle.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop here")]

mod answers;
mod dice;
mod flatten;
mod json;
mod json_oracle;
mod oracle;
mod plain;
mod requests;
mod scramble;
mod validity;
mod wire_faults;
