//! The nouns of observability as plain values.
