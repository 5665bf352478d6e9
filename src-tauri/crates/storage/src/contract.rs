//! What every store must pass. Each check takes a way to write and to read, and panics with what is wrong.
