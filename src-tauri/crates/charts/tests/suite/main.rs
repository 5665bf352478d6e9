//! Pictures as those who look at them find them: whole, inside their bounds, and with a line where its points are.

mod pictures;
mod scramble;
