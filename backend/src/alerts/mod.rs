//! Life of an alert: from a rule's transition to a durable change; never decides thresholds.
