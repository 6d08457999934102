//! The in-app channel: who finds what in the inbox, written with what composed it; never another channel.

use std::collections::BTreeMap;

use common::access::Permission;
use common::api::inbox::InboxItem;
use common::ids::{InboxItemId, UserId};
use uuid::Uuid;

use super::inbox::{InboxChanged, count, whose};
use super::wording::title;
use crate::auth::Scope;
use crate::store::tables::Blob;
use crate::store::tables::inbox::InboxRow;
use crate::store::tables::intent::Told;
use crate::store::tables::user::UserRow;
use crate::store::{Connection, StoreError, tables};

/// The inboxes while intents are told: who there is, and what each got.
#[derive(Debug)]
pub(super) struct Inboxes {
    users: Vec<UserRow>,
    told: BTreeMap<UserId, (Scope, Vec<InboxItem>)>,
}

impl Inboxes {
    /// Everybody's.
    pub(super) fn read(conn: &mut Connection) -> Result<Self, StoreError> {
        Ok(Self {
            users: tables::user::all(conn)?,
            told: BTreeMap::new(),
        })
    }

    /// Puts the message into the inbox of everyone whom it concerns.
    pub(super) fn tell(&mut self, conn: &mut Connection, told: &Told) -> Result<(), StoreError> {
        let server = tables::server::find(conn, told.alert.server_id.0)?;
        let group = server.and_then(|server| server.group_name);
        for (user, scope) in recipients(&self.users, told, group.as_deref()) {
            let row = message(user, told);
            if tables::inbox::insert_once(conn, &row)? {
                let told = self.told.entry(user);
                let (_, items) = told.or_insert_with(|| (scope, Vec::new()));
                items.push(row.into());
            }
        }
        Ok(())
    }

    /// What changed for whom.
    pub(super) fn changes(self, conn: &mut Connection) -> Result<Vec<InboxChanged>, StoreError> {
        let each = self.told.into_iter().map(|(user, (scope, items))| {
            let unread = count(tables::inbox::unread(conn, &whose(user, &scope))?);
            Ok(InboxChanged {
                user,
                unread,
                items,
            })
        });
        each.collect()
    }
}

/// Everyone who may read alerts, sees servers of that group and can log in, except who did it.
pub(super) fn recipients(
    users: &[UserRow],
    told: &Told,
    group: Option<&str>,
) -> Vec<(UserId, Scope)> {
    let by = told.step.by_user.map(|id| id.0);
    users
        .iter()
        .filter(|user| !user.disabled && user.role.0.may(Permission::AlertsRead))
        .map(|user| (user.id.0, Scope::of(&user.server_groups.0)))
        .filter(|(user, scope)| Some(*user) != by && scope.sees(group))
        .collect()
}

fn message(user: UserId, told: &Told) -> InboxRow {
    let Told { step, alert } = told;
    InboxRow {
        id: Blob(InboxItemId(Uuid::now_v7())),
        user_id: Blob(user),
        intent_seq: step.seq,
        at: step.at,
        alert_id: step.alert_id,
        change: step.change,
        severity: step.severity,
        server_id: alert.server_id,
        title: title(
            step.change.0,
            step.severity.0,
            &alert.rule_name,
            &alert.server_name,
        ),
        body: step.message.clone(),
        read_at: None,
    }
}
