//! What the engine tells after a commit; never before it.

use std::sync::Arc;

use common::alert::{Alert, AlertChange};

/// A committed step of an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertChanged {
    /// Grows with every step of every alert, also over restarts.
    pub seq: u64,
    /// What happened.
    pub change: AlertChange,
    /// The alert after it.
    pub alert: Alert,
}

/// Shows a step to whoever looks now. It must not wait.
pub type OnChange = Arc<dyn Fn(AlertChanged) + Send + Sync>;
