//! The pages around alerts, one a file; never the evaluation of a rule.

pub mod active;
pub mod detail;
pub mod history;
pub mod notifications;
pub mod rule;
pub mod rules;
pub mod settings;

pub use active::ActiveAlertsPage;
pub use detail::AlertPage;
pub use history::AlertHistoryPage;
pub use notifications::NotificationsPage;
pub use rule::{NewRulePage, RulePage};
pub use rules::AlertRulesPage;
pub use settings::AlertSettingsPage;
