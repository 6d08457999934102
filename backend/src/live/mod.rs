//! The hub of live topics and its conflating queues; never slows who publishes.
