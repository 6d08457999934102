//! Which series a page shows; never which there are.

use common::series::Labels;
use common::series::matcher::Filter;

/// The series that any of several choices means; all, without one.
#[derive(Debug, Clone, Default)]
pub struct Wanted(Vec<Filter>);

impl Wanted {
    /// The series that any of these means.
    pub fn any_of(choices: Vec<Filter>) -> Self {
        Self(choices)
    }

    /// Whether every series is shown.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a series is shown.
    pub fn wants(&self, metric: &str, labels: &Labels) -> bool {
        self.is_all() || self.0.iter().any(|one| one.wants(metric, labels))
    }
}
