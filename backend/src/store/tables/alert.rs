//! Table `alert`: open and past alerts with the state of their rule; never why one changes.

use std::collections::BTreeMap;

use common::alert::{Alert, AlertState, Severity};
use common::ids::{AlertId, RuleId, ServerId, UserId};
use common::series::Labels;
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Json, Moment, Real, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::{alert, inbox, server};

/// An alert as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = alert, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub struct AlertRow {
    /// The same for ever.
    pub id: Blob<AlertId>,
    /// The rule.
    pub rule_id: Blob<RuleId>,
    /// The rule's name at the last step.
    pub rule_name: String,
    /// The rule's version at the last step.
    pub rule_version: i32,
    /// The server.
    pub server_id: Blob<ServerId>,
    /// The server's name at the last step.
    pub server_name: String,
    /// The metric of the series.
    pub metric: String,
    /// Labels of the series: with rule, server and metric what tells an alert from others.
    pub series_labels: Json<Labels>,
    /// Labels of the series and of the rule.
    pub labels: Json<BTreeMap<String, String>>,
    /// How bad it is now, or was last.
    pub severity: Word<Severity>,
    /// Where it stands.
    pub state: Word<AlertState>,
    /// The value at the last step; `None` for an absence.
    pub value: Option<Real>,
    /// The threshold that was crossed; `None` for an absence.
    pub threshold: Option<Real>,
    /// One sentence for a person.
    pub message: String,
    /// When the threshold was first crossed.
    pub started_at: Moment,
    /// When a person took it.
    pub acknowledged_at: Option<Moment>,
    /// Who took it.
    pub acknowledged_by: Option<Blob<UserId>>,
    /// When it ended.
    pub resolved_at: Option<Moment>,
    /// Who ended it; `None` when the rule did.
    pub resolved_by: Option<Blob<UserId>>,
    /// What the rule remembers about the series, as `rules` writes it.
    pub rule_state: String,
    /// Until when that matters after the end; `None` when it does not.
    pub holds_until: Option<Moment>,
    /// Who looks after it.
    pub assignee: Option<Blob<UserId>>,
    /// It changes too often to be told each time.
    pub flapping: bool,
}

impl From<AlertRow> for Alert {
    fn from(row: AlertRow) -> Self {
        Self {
            id: row.id.0,
            rule_id: row.rule_id.0,
            rule: row.rule_name,
            rule_version: row.rule_version.unsigned_abs(),
            server_id: row.server_id.0,
            server: row.server_name,
            labels: row.labels.0,
            severity: row.severity.0,
            state: row.state.0,
            value: row.value.map(|it| it.0),
            threshold: row.threshold.map(|it| it.0),
            message: row.message,
            started_at: row.started_at.0,
            acknowledged_at: row.acknowledged_at.map(|at| at.0),
            acknowledged_by: row.acknowledged_by.map(|id| id.0),
            assignee: row.assignee.map(|id| id.0),
            flapping: row.flapping,
            resolved_at: row.resolved_at.map(|at| at.0),
            resolved_by: row.resolved_by.map(|id| id.0),
            silenced_by: Vec::new(),
            muted_by: Vec::new(),
            inhibited_by: Vec::new(),
        }
    }
}

/// Which alerts a list wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In one of these states.
    pub states: Vec<AlertState>,
    /// Only this severity.
    pub severity: Option<Severity>,
    /// Only this server.
    pub server: Option<ServerId>,
    /// Only servers of these groups.
    pub groups: Option<Vec<String>>,
    /// Only this rule.
    pub rule: Option<RuleId>,
    /// Only what this person looks after.
    pub assignee: Option<UserId>,
    /// Only what began at this moment or later.
    pub from: Option<UnixMs>,
    /// Only what began before this moment.
    pub to: Option<UnixMs>,
    /// Only where this stands in a name, a label or the sentence, whatever the case of its letters.
    pub text: Option<String>,
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// Small letters for large ones; the file's engine knows those of ASCII alone.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A pattern for `LIKE` that finds the text itself, with `\` before what would mean something else.
fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// Up to `limit` alerts, the youngest first, those older than `before`.
pub fn page(
    conn: &mut Connection,
    wanted: &Wanted,
    before: Option<AlertId>,
    limit: i64,
) -> Result<Vec<AlertRow>, StoreError> {
    let states = wanted.states.iter().copied().map(Word);
    let mut query = alert::table
        .filter(alert::state.eq_any(states))
        .order(alert::id.desc())
        .limit(limit)
        .select(AlertRow::as_select())
        .into_boxed();
    if let Some(severity) = wanted.severity {
        query = query.filter(alert::severity.eq(Word(severity)));
    }
    if let Some(server) = wanted.server {
        query = query.filter(alert::server_id.eq(Blob(server)));
    }
    if let Some(rule) = wanted.rule {
        query = query.filter(alert::rule_id.eq(Blob(rule)));
    }
    if let Some(assignee) = wanted.assignee {
        query = query.filter(alert::assignee.eq(Blob(assignee)));
    }
    if let Some(from) = wanted.from {
        query = query.filter(alert::started_at.ge(Moment(from)));
    }
    if let Some(to) = wanted.to {
        query = query.filter(alert::started_at.lt(Moment(to)));
    }
    if let Some(text) = &wanted.text {
        let like = anywhere(text);
        query = query.filter(
            lower(alert::rule_name)
                .like(like.clone())
                .escape('\\')
                .or(lower(alert::server_name).like(like.clone()).escape('\\'))
                .or(lower(alert::message).like(like.clone()).escape('\\'))
                .or(lower(alert::labels).like(like).escape('\\')),
        );
    }
    if let Some(groups) = &wanted.groups {
        let seen = server::table
            .filter(server::group_name.eq_any(groups))
            .select(server::id);
        query = query.filter(alert::server_id.eq_any(seen));
    }
    if let Some(before) = before {
        query = query.filter(alert::id.lt(Blob(before)));
    }
    Ok(query.load(conn)?)
}

/// The alert with that id; `None` when there is none.
pub fn find(conn: &mut Connection, id: AlertId) -> Result<Option<AlertRow>, StoreError> {
    Ok(alert::table
        .find(Blob(id))
        .select(AlertRow::as_select())
        .first(conn)
        .optional()?)
}

/// All that is not over, and what is over but still holds back a new firing; the youngest last.
pub fn remembered(conn: &mut Connection, now: UnixMs) -> Result<Vec<AlertRow>, StoreError> {
    let open = alert::state.ne(Word(AlertState::Resolved));
    Ok(alert::table
        .filter(open.or(alert::holds_until.gt(Moment(now)).assume_not_null()))
        .order(alert::id)
        .select(AlertRow::as_select())
        .load(conn)?)
}

/// Alerts that fire, taken by a person or not; only those on `metric` when one is given.
pub fn firing(conn: &mut Connection, metric: Option<&str>) -> Result<Vec<AlertRow>, StoreError> {
    let states = [AlertState::Firing, AlertState::Acknowledged];
    let mut query = alert::table
        .filter(alert::state.eq_any(states.map(Word)))
        .order(alert::id)
        .select(AlertRow::as_select())
        .into_boxed();
    if let Some(metric) = metric {
        query = query.filter(alert::metric.eq(metric.to_owned()));
    }
    Ok(query.load(conn)?)
}

/// Adds an alert; a second open one of the same rule and series is a unique violation.
pub fn insert(conn: &mut Connection, row: &AlertRow) -> Result<(), StoreError> {
    diesel::insert_into(alert::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Replaces the alert with the row's id.
pub fn update(conn: &mut Connection, row: &AlertRow) -> Result<(), StoreError> {
    diesel::update(alert::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Writes down what the rule remembers now, without a step of the alert.
pub fn set_rule_state(
    conn: &mut Connection,
    id: AlertId,
    rule_state: &str,
    holds_until: Option<UnixMs>,
) -> Result<(), StoreError> {
    diesel::update(alert::table.find(Blob(id)))
        .set((
            alert::rule_state.eq(rule_state),
            alert::holds_until.eq(holds_until.map(Moment)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Removes an alert that never fired.
pub fn delete(conn: &mut Connection, id: AlertId) -> Result<(), StoreError> {
    diesel::delete(alert::table.find(Blob(id))).execute(conn)?;
    Ok(())
}

/// Removes up to `limit` alerts that ended before a moment, the oldest first, with all that belongs
/// to them; how many.
pub fn remove_past(conn: &mut Connection, before: UnixMs, limit: i64) -> Result<usize, StoreError> {
    let ids: Vec<Blob<AlertId>> = alert::table
        .filter(alert::state.eq(Word(AlertState::Resolved)))
        .filter(alert::resolved_at.lt(Moment(before)).assume_not_null())
        .order(alert::resolved_at)
        .limit(limit)
        .select(alert::id)
        .load(conn)?;
    diesel::delete(inbox::table.filter(inbox::alert_id.eq_any(&ids))).execute(conn)?;
    Ok(diesel::delete(alert::table.filter(alert::id.eq_any(&ids))).execute(conn)?)
}
