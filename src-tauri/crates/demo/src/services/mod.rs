//! The services of the shop, one file each. They know each other by address only.

pub(crate) mod inventory;
pub(crate) mod order;
pub(crate) mod payment;
pub(crate) mod receipt;
pub(crate) mod sample;
pub(crate) mod traffic;
