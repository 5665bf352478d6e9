//! One binary for all tests of the whole house.
#![expect(clippy::unwrap_used, reason = "a test says by panicking that it failed")]

mod house;
