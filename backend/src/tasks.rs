//! Supervised tasks: named, cancellable, joined.
