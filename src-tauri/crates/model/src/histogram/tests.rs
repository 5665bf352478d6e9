//! Histograms against cases of upstream's tables, against its test files, and against laws of arithmetic.

#![expect(clippy::float_cmp, reason = "whole numbers and exact bounds")]

mod cases;
mod laws;
mod literal;
mod trim;

use literal::histogram;
