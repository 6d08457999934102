//! Which series there are, as PromQL sees them; never their samples.

use std::ops::Range;
use std::sync::Arc;

use common::series::matcher::Matcher;

use super::engine::Engine;
use super::error::QueryError;
use super::promql::{EvaluateError, LabelSet, Names};

const ALWAYS: Range<i64> = i64::MIN..i64::MAX;
/// After so many series it is asked whether anybody still waits.
const BETWEEN_LOOKS: usize = 1_000;

impl Engine {
    /// What `add` makes of the labels of all series that any of `matches` means and that have samples in
    /// `range`, or in an hour of which that has a part; without a range, of all there ever were. There is
    /// no limit on their number: nothing but labels is read. Dropping the future ends the work.
    pub async fn list<T: Default + Send + 'static>(
        &self,
        names: Arc<Names>,
        matches: Vec<Vec<Matcher>>,
        range: Option<Range<i64>>,
        add: impl Fn(&mut T, LabelSet) + Send + 'static,
    ) -> Result<T, EvaluateError> {
        let work = self.blocking(move |source, cancel| {
            let mut found = T::default();
            for matchers in &matches {
                let choice = names.choose(matchers)?;
                if choice.is_empty() {
                    continue;
                }
                let asked = range.as_ref().unwrap_or(&ALWAYS);
                let mut keys = source.series(&choice.selector(asked))?;
                keys.retain(|key| choice.wants(key));
                let living = match &range {
                    Some(range) => source.living(&keys, range, &cancel)?,
                    None => vec![true; keys.len()],
                };
                let living = keys.iter().zip(living).filter(|(_, is_living)| *is_living);
                for (at, (key, _)) in living.enumerate() {
                    if at % BETWEEN_LOOKS == 0 {
                        cancel.check()?;
                    }
                    if let Some(labels) = names.labels(key) {
                        add(&mut found, labels);
                    }
                }
            }
            Ok::<_, QueryError>(found)
        });
        Ok(work.await?)
    }
}
