//! Which series there are, as PromQL sees them; never their samples.

use std::ops::Range;
use std::sync::Arc;

use common::series::matcher::Matcher;

use super::engine::Engine;
use super::error::QueryError;
use super::promql::{EvaluateError, LabelSet, Names};

/// After so many series it is asked whether anybody still waits.
const BETWEEN_LOOKS: usize = 1_000;

impl Engine {
    /// What `add` makes of the labels of all series that any of `matches` means, of servers that have
    /// samples in `range`. There is no limit on their number: nothing but labels is read. Dropping the
    /// future ends the work.
    pub async fn list<T: Default + Send + 'static>(
        &self,
        names: Arc<Names>,
        matches: Vec<Vec<Matcher>>,
        range: Range<i64>,
        add: impl Fn(&mut T, LabelSet) + Send + 'static,
    ) -> Result<T, EvaluateError> {
        let work = self.blocking(move |source, cancel| {
            let mut found = T::default();
            for matchers in &matches {
                let choice = names.choose(matchers)?;
                if choice.is_empty() {
                    continue;
                }
                let keys = source.series(&choice.selector(&range))?;
                for (at, key) in keys.iter().enumerate() {
                    if at % BETWEEN_LOOKS == 0 {
                        cancel.check()?;
                    }
                    if choice.wants(key)
                        && let Some(labels) = names.labels(key)
                    {
                        add(&mut found, labels);
                    }
                }
            }
            Ok::<_, QueryError>(found)
        });
        Ok(work.await?)
    }
}
