//! What holds for the crate as a whole. prost and its generated types are the oracle.

mod dice;
mod flatten;
mod oracle;
mod plain;
mod requests;
mod scramble;
mod wire_faults;
