//! One binary for all tests of the whole house.
