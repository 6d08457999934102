//! The line above a message; never the message itself, which the alert brings along.

use common::alert::{AlertChange, Severity};

/// "Critical: High CPU on web-1".
pub(super) fn title(change: AlertChange, severity: Severity, rule: &str, server: &str) -> String {
    let what = match (change, severity) {
        (AlertChange::Fired, Severity::Warning) => "Warning",
        (AlertChange::Fired, Severity::Critical) => "Critical",
        (AlertChange::Escalated, _) => "Now critical",
        (AlertChange::Deescalated, _) => "Now a warning",
        (AlertChange::Acknowledged, _) => "Acknowledged",
        (AlertChange::Resolved, _) => "Resolved",
        (AlertChange::Commented, _) => "Commented",
        (AlertChange::Assigned, _) => "Assigned",
        (AlertChange::Flapping, _) => "Flapping",
        (AlertChange::Calmed, Severity::Warning) => "Calm again, a warning",
        (AlertChange::Calmed, Severity::Critical) => "Calm again, critical",
    };
    format!("{what}: {rule} on {server}")
}
