//! What the objects of a decision are called, for who may know it; never what they decided.

use std::collections::{BTreeSet, HashMap};

use common::access::Permission;
use common::ids::{AlertId, ChannelId, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::auth::{Allowed, Scope, may};
use crate::store::tables::{self, alerting_document};
use crate::store::{Connection, StoreError};

/// Who asks what objects are called.
pub(super) struct Reader {
    scope: Scope,
    /// Whether names of people are told.
    sees_people: bool,
}

impl Reader {
    /// Somebody who may read alerts.
    pub(super) fn of(may: &Allowed<may::AlertsRead>) -> Self {
        Self {
            scope: may.scope().clone(),
            sees_people: may.role().may(Permission::PeopleRead),
        }
    }

    /// The names of these objects; what is gone or may not be known has none.
    pub(super) fn names(
        &self,
        conn: &mut Connection,
        objects: BTreeSet<Uuid>,
    ) -> Result<HashMap<Uuid, String>, StoreError> {
        let mut names = HashMap::new();
        for id in objects {
            if let Some(name) = self.name(conn, id)? {
                names.insert(id, name);
            }
        }
        Ok(names)
    }

    /// Ids are unique over all kinds.
    fn name(&self, conn: &mut Connection, id: Uuid) -> Result<Option<String>, StoreError> {
        if let Some(row) = alerting_document::any(conn, id)? {
            return Ok(written(&row.definition));
        }
        if let Some(row) = tables::channel::find(conn, ChannelId(id))? {
            return Ok(Some(row.name));
        }
        if let Some(row) = tables::user::find(conn, UserId(id))? {
            return Ok(self.sees_people.then(|| row.shown_name().to_owned()));
        }
        let alert = self.scope.find_alert(conn, AlertId(id))?;
        Ok(alert.map(|row| format!("{} on {}", row.rule_name, row.server_name)))
    }
}

/// The name of a document, or what a silence says about itself.
fn written(definition: &str) -> Option<String> {
    let document: Value = serde_json::from_str(definition).ok()?;
    let said = |field| document.get(field)?.as_str();
    let name = said("name").or_else(|| said("comment"))?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
