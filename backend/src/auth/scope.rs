//! Which servers somebody sees: all, or those of some groups; never what may be done with them.

use std::collections::BTreeSet;
use std::sync::Arc;

use common::alert::RuleScope;
use common::ids::{AlertId, ServerId};

use crate::store::tables::alert::{self, AlertRow};
use crate::store::tables::server;
use crate::store::{Connection, StoreError};

/// The servers that somebody sees, and so all that is about them. What shows or changes anything of
/// a server demands one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All servers.
    All,
    /// The servers of these groups, at least one.
    Groups(Arc<BTreeSet<String>>),
}

impl Scope {
    /// The scope of a person with these groups; without any all servers.
    pub fn of(groups: &[String]) -> Self {
        if groups.is_empty() {
            Self::All
        } else {
            Self::Groups(Arc::new(groups.iter().cloned().collect()))
        }
    }

    /// The groups that somebody is limited to, by name; `None` when all servers are seen.
    pub fn groups(&self) -> Option<Vec<String>> {
        match self {
            Self::All => None,
            Self::Groups(groups) => Some(groups.iter().cloned().collect()),
        }
    }

    /// Whether a server of this group is seen; one of no group is seen by those alone who see all.
    pub fn sees(&self, group: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Groups(groups) => group.is_some_and(|group| groups.contains(group)),
        }
    }

    /// Whether a server is seen, by the group that it is stored with. What was a server once is seen
    /// by those alone who see all.
    pub fn sees_server(&self, conn: &mut Connection, id: ServerId) -> Result<bool, StoreError> {
        match self {
            Self::All => Ok(true),
            Self::Groups(_) => {
                let row = server::find(conn, id)?;
                Ok(row.is_some_and(|row| self.sees(row.group_name.as_deref())))
            }
        }
    }

    /// The alert with that id; `None` when there is none, or its server is not seen.
    pub fn find_alert(
        &self,
        conn: &mut Connection,
        id: AlertId,
    ) -> Result<Option<AlertRow>, StoreError> {
        let Some(row) = alert::find(conn, id)? else {
            return Ok(None);
        };
        let is_seen = self.sees_server(conn, row.server_id.0)?;
        Ok(is_seen.then_some(row))
    }

    /// Whether a rule applies to no server that is not seen.
    pub fn holds_rule(&self, conn: &mut Connection, rule: &RuleScope) -> Result<bool, StoreError> {
        if *self == Self::All {
            return Ok(true);
        }
        let is_limited = !rule.groups.is_empty() || !rule.servers.is_empty();
        if !is_limited || !rule.groups.iter().all(|group| self.sees(Some(group))) {
            return Ok(false);
        }
        for server in &rule.servers {
            if !self.sees_server(conn, *server)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_sees_its_groups_alone() {
        let of = |groups: &[&str]| {
            let groups: Vec<_> = groups.iter().map(|&group| group.to_owned()).collect();
            Scope::of(&groups)
        };
        for (scope, group, sees) in [
            (of(&[]), None, true),
            (of(&[]), Some("web"), true),
            (of(&["web"]), Some("web"), true),
            (of(&["db", "web"]), Some("db"), true),
            (of(&["web"]), Some("db"), false),
            (of(&["web"]), Some("Web"), false),
            (of(&["web"]), Some("we"), false),
            (of(&["web"]), None, false),
        ] {
            assert_eq!(scope.sees(group), sees, "{scope:?} {group:?}");
        }
        assert_eq!(of(&["web", "db", "web"]), of(&["db", "web"]));
        assert_eq!(of(&["web", "db"]).groups().unwrap(), ["db", "web"]);
        assert_eq!(Scope::All.groups(), None);
    }
}
