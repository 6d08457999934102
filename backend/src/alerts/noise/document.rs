//! What may stand in a silence, a window, an inhibition; never whether it holds now.

use common::alert::{InhibitionInput, LabelMatch, SilenceInput, WindowInput, WindowSchedule};
use common::calendar::TimeInterval;
use common::problem::FieldError;
use common::series::matcher::{Filter, MatchOp, Matcher};
use common::series::names::is_label_name;
use common::time::UnixMs;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::calendar::{Calendar, Span};
use crate::auth::policy::Marker;
use crate::auth::{Scope, may};
use crate::store::tables::alerting_document::DocumentKind;
use crate::store::tables::server;
use crate::store::{Connection, StoreError};

/// Most conditions, intervals and labels of one document.
const ENTRIES: usize = 50;
/// Most times of all intervals of one list: each is looked for on each day.
const TIMES: usize = 100;
/// Most patterns of one document, and bytes that each may have when it is compiled: all of all
/// documents are kept.
const PATTERNS: usize = 10;
const PATTERN_BYTES: usize = 64 * 1024;
/// Longest pattern or value of a condition, in bytes.
const VALUE_BYTES: usize = 1_000;
/// Longest name and longest comment, in characters.
const NAME_CHARS: usize = 100;
const COMMENT_CHARS: usize = 2_000;
/// The longest silence and the longest single window: a year.
const YEAR_MS: i64 = 366 * 86_400_000;

/// Something that people keep in the book of alerting.
pub trait Document:
    Serialize + DeserializeOwned + Clone + PartialEq + std::fmt::Debug + Send + 'static
{
    /// Under what it is stored.
    const KIND: DocumentKind;
    /// What a person calls it.
    const NAME: &'static str;
    /// Who may see it.
    type Read: Marker;
    /// Who may change it.
    type Write: Marker;

    /// Puts in what was left out; `now` is when it is written, `before` what it replaces.
    fn complete(&mut self, _before: Option<&Self>, _now: UnixMs) {}

    /// From when on it says nothing any more; `None`: never.
    fn ends_at(&self) -> Option<UnixMs> {
        None
    }

    /// Whether somebody who is limited to groups may write it: it says nothing of what is not seen.
    fn is_within(&self, _conn: &mut Connection, _scope: &Scope) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Whether somebody who is limited to groups sees it.
    fn is_seen(&self, _conn: &mut Connection, _scope: &Scope) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// Everything that is wrong with it; empty when nothing is. `before` is what it replaces.
    fn check(
        &self,
        conn: &mut Connection,
        before: Option<&Self>,
        now: UnixMs,
    ) -> Result<Vec<FieldError>, StoreError>;
}

impl Document for SilenceInput {
    const KIND: DocumentKind = DocumentKind::Silence;
    const NAME: &'static str = "silence";
    type Read = may::AlertsRead;
    type Write = may::SilencesWrite;

    fn complete(&mut self, before: Option<&Self>, now: UnixMs) {
        let known = before.and_then(|before| before.starts_at);
        self.starts_at.get_or_insert(known.unwrap_or(now));
    }

    fn ends_at(&self) -> Option<UnixMs> {
        Some(self.ends_at)
    }

    fn is_within(&self, conn: &mut Connection, scope: &Scope) -> Result<bool, StoreError> {
        narrows_to(conn, scope, &self.matchers)
    }

    fn is_seen(&self, conn: &mut Connection, scope: &Scope) -> Result<bool, StoreError> {
        self.is_within(conn, scope)
    }

    fn check(
        &self,
        _: &mut Connection,
        before: Option<&Self>,
        now: UnixMs,
    ) -> Result<Vec<FieldError>, StoreError> {
        if before.is_some_and(|before| before.ends_at <= now) {
            let message = "the silence is over: make a new one";
            return Ok(vec![FieldError::new("", message)]);
        }
        let mut wrong = check_matchers("matchers", &self.matchers, Demand::Narrow);
        let starts_at = self.starts_at.unwrap_or(now);
        if self.ends_at <= starts_at {
            wrong.push(FieldError::new("ends_at", "must lie after the start"));
        } else if self.ends_at <= now {
            wrong.push(FieldError::new("ends_at", "must lie in the future"));
        } else if self.ends_at.since_ms(starts_at) > YEAR_MS {
            wrong.push(FieldError::new(
                "ends_at",
                "must not lie more than a year after the start: switch the rule off, or use an \
                 inhibition, for what should never be told",
            ));
        }
        wrong.extend(check_text("comment", &self.comment, 0, COMMENT_CHARS));
        Ok(wrong)
    }
}

impl Document for WindowInput {
    const KIND: DocumentKind = DocumentKind::Window;
    const NAME: &'static str = "maintenance window";
    type Read = may::AlertsRead;
    type Write = may::RulesWrite;

    fn ends_at(&self) -> Option<UnixMs> {
        match self.schedule {
            WindowSchedule::Once { ends_at, .. } => Some(ends_at),
            WindowSchedule::Recurring { .. } => None,
        }
    }

    fn is_within(&self, conn: &mut Connection, scope: &Scope) -> Result<bool, StoreError> {
        narrows_to(conn, scope, &self.matchers)
    }

    fn is_seen(&self, conn: &mut Connection, scope: &Scope) -> Result<bool, StoreError> {
        self.is_within(conn, scope)
    }

    fn check(
        &self,
        _: &mut Connection,
        _: Option<&Self>,
        now: UnixMs,
    ) -> Result<Vec<FieldError>, StoreError> {
        let mut wrong = check_matchers("matchers", &self.matchers, Demand::Anything);
        wrong.extend(check_text("name", &self.name, 1, NAME_CHARS));
        wrong.extend(check_text("comment", &self.comment, 0, COMMENT_CHARS));
        match &self.schedule {
            WindowSchedule::Once { starts_at, ends_at } if ends_at <= starts_at => wrong.push(
                FieldError::new("schedule.ends_at", "must lie after the start"),
            ),
            WindowSchedule::Once { starts_at, ends_at }
                if ends_at.since_ms(*starts_at) > YEAR_MS =>
            {
                wrong.push(FieldError::new(
                    "schedule.ends_at",
                    "must not lie more than a year after the start",
                ));
            }
            WindowSchedule::Once { .. } => {}
            WindowSchedule::Recurring { intervals } => {
                wrong.extend(check_intervals("schedule.intervals", intervals));
                if intervals.is_empty() {
                    wrong.push(FieldError::new("schedule.intervals", "must not be empty"));
                }
                if wrong.is_empty() && never_ends(intervals, now) {
                    let message = "would never close within a year";
                    wrong.push(FieldError::new("schedule.intervals", message));
                }
            }
        }
        Ok(wrong)
    }
}

impl Document for InhibitionInput {
    const KIND: DocumentKind = DocumentKind::Inhibition;
    const NAME: &'static str = "inhibition";
    type Read = may::AlertsRead;
    type Write = may::RulesWrite;

    fn check(
        &self,
        _: &mut Connection,
        _: Option<&Self>,
        _: UnixMs,
    ) -> Result<Vec<FieldError>, StoreError> {
        let mut wrong = check_matchers("source_matchers", &self.source_matchers, Demand::Narrow);
        let target = check_matchers("target_matchers", &self.target_matchers, Demand::Narrow);
        wrong.extend(target);
        wrong.extend(check_text("name", &self.name, 1, NAME_CHARS));
        wrong.extend(check_labels("equal", &self.equal));
        Ok(wrong)
    }
}

/// Whether conditions name a group that is seen, or a server in one.
fn narrows_to(
    conn: &mut Connection,
    scope: &Scope,
    matchers: &LabelMatch,
) -> Result<bool, StoreError> {
    let mut named = matchers.0.iter().filter(|one| one.op == MatchOp::Equal);
    if named
        .clone()
        .any(|one| one.name == "group" && scope.sees(Some(&one.value)))
    {
        return Ok(true);
    }
    let servers = server::all(conn)?;
    let is_seen = |name: &str| {
        let mut of_name = servers
            .iter()
            .filter(|server| server.name == name)
            .peekable();
        of_name.peek().is_some() && of_name.all(|server| scope.sees(server.group_name.as_deref()))
    };
    Ok(named.any(|one| one.name == "server" && is_seen(&one.value)))
}

/// Whether conditions may mean every alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// They may.
    Anything,
    /// At least one has to be unmet by an alert without labels.
    Narrow,
}

/// What is wrong with conditions.
pub(crate) fn check_matchers(
    field: &str,
    matchers: &LabelMatch,
    demand: Demand,
) -> Vec<FieldError> {
    let wrong = |message: &str| vec![FieldError::new(field, message)];
    if matchers.0.len() > ENTRIES {
        return wrong("must not have more than 50 conditions");
    }
    for (at, one) in matchers.0.iter().enumerate() {
        let fault = if !is_label_name(&one.name) {
            Some(("name", "must be the name of a label: letters, digits and _"))
        } else if one.value.len() > VALUE_BYTES {
            Some(("value", "must not have more than 1,000 bytes"))
        } else {
            None
        };
        if let Some((part, message)) = fault {
            return vec![FieldError::new(format!("{field}[{at}].{part}"), message)];
        }
    }
    let is_pattern = |one: &&Matcher| matches!(one.op, MatchOp::Like | MatchOp::Unlike);
    if matchers.0.iter().filter(is_pattern).count() > PATTERNS {
        return wrong("must not have more than 10 patterns");
    }
    let filter = match Filter::within(&matchers.0, PATTERN_BYTES) {
        Ok(filter) => filter,
        Err(error) => {
            let is_bad = |one: &Matcher| one.name == error.label && is_pattern(&one);
            let at = matchers.0.iter().position(is_bad).unwrap_or(0);
            let field = format!("{field}[{at}].value");
            return vec![FieldError::new(field, error.to_string())];
        }
    };
    match demand {
        Demand::Narrow if matchers.is_empty() => {
            wrong("must not be empty: it would mean every alert")
        }
        Demand::Narrow if filter.wants_all() => wrong(
            "at least one condition must not hold for an absent label: these mean every alert",
        ),
        Demand::Narrow | Demand::Anything => Vec::new(),
    }
}

/// What is wrong with intervals; none at all is fine.
pub(crate) fn check_intervals(field: &str, intervals: &[TimeInterval]) -> Vec<FieldError> {
    if intervals.len() > ENTRIES {
        return vec![FieldError::new(field, "must not be more than 50 intervals")];
    }
    let times = intervals.iter().map(|one| one.times.len().max(1));
    if times.sum::<usize>() > TIMES {
        let message = "must not have more than 100 times in all intervals together";
        return vec![FieldError::new(field, message)];
    }
    for (at, one) in intervals.iter().enumerate() {
        let parts = [
            one.times.len(),
            one.weekdays.len(),
            one.days_of_month.len(),
            one.months.len(),
            one.years.len(),
        ];
        if parts.iter().any(|count| *count > ENTRIES) {
            let message = "must not have more than 50 entries in a part";
            return vec![FieldError::new(format!("{field}[{at}]"), message)];
        }
        if let Some(same) = one.times.iter().position(|it| it.start_time == it.end_time) {
            let field = format!("{field}[{at}].times[{same}].end_time");
            return vec![FieldError::new(field, "must differ from the start")];
        }
        if let Err(unknown) = Calendar::of(std::slice::from_ref(one)) {
            let field = format!("{field}[{at}].time_zone");
            return vec![FieldError::new(field, unknown.to_string())];
        }
    }
    Vec::new()
}

/// Whether intervals that can be read cover all of the next year.
pub(crate) fn never_ends(intervals: &[TimeInterval], now: UnixMs) -> bool {
    let end = now.plus_ms(YEAR_MS);
    let calendar = Calendar::of(intervals).ok();
    let spans = calendar.map(|calendar| calendar.spans(now, end));
    let is_whole = |span: &Span| span.from <= now && end <= span.to;
    spans.is_some_and(|spans| spans.iter().any(is_whole))
}

/// What is wrong with a list of label names.
pub fn check_labels(field: &str, names: &[String]) -> Vec<FieldError> {
    if names.len() > ENTRIES {
        return vec![FieldError::new(field, "must not be more than 50 labels")];
    }
    let bad = names.iter().position(|name| !is_label_name(name));
    let message = "must be the name of a label: letters, digits and _";
    bad.map(|at| FieldError::new(format!("{field}[{at}]"), message))
        .into_iter()
        .collect()
}

/// What is wrong with a text of `least` to `most` characters.
pub fn check_text(field: &str, text: &str, least: usize, most: usize) -> Vec<FieldError> {
    let length = text.trim().chars().count();
    if length < least {
        vec![FieldError::new(field, "must not be empty")]
    } else if text.chars().count() > most {
        let message = format!("must not have more than {most} characters");
        vec![FieldError::new(field, message)]
    } else {
        Vec::new()
    }
}
