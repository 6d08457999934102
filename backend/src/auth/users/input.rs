//! What an administrator may enter about a person, and the row it makes; never the database.

use std::collections::BTreeSet;

use common::access::{Permission, Role};
use common::api::patch::Patch;
use common::api::users::{NewUser, User, UserPatch};
use common::ids::UserId;
use common::time::UnixMs;
use uuid::Uuid;

use crate::auth::rules::{self, Fault, Refusal, normal_username};
use crate::store::tables::user::UserRow;
use crate::store::tables::{Blob, Json, Moment, Word};

type Rule = fn(&str) -> Result<(), Fault>;

/// The row of a new person, still without a password.
pub(super) fn new_row(new: NewUser, now: UnixMs) -> Result<UserRow, Vec<Refusal>> {
    let username = normal_username(&new.username);
    let mut refusals = Refusals::default();
    refusals.check("username", Some(&username), rules::username);
    refusals.check(
        "display_name",
        new.display_name.as_ref(),
        rules::display_name,
    );
    refusals.check("email", new.email.as_ref(), rules::email);
    refusals.check("phone", new.phone.as_ref(), rules::phone);
    refusals.check("time_zone", new.time_zone.as_ref(), rules::time_zone);
    refusals.check("locale", new.locale.as_ref(), rules::locale);
    refusals.password(new.password.as_ref(), &username);
    refusals.groups(&new.groups, new.role);
    refusals.none()?;
    Ok(UserRow {
        id: Blob(UserId(Uuid::now_v7())),
        version: 1,
        username,
        display_name: new.display_name,
        email: new.email,
        phone: new.phone,
        time_zone: new.time_zone,
        locale: new.locale,
        role: Word(new.role),
        disabled: new.disabled,
        password_hash: None,
        must_change_password: false,
        created_at: Moment(now),
        updated_at: Moment(now),
        last_login_at: None,
        server_groups: Json(normal_groups(new.groups)),
    })
}

/// Whether a change keeps the rules.
pub(super) fn check(patch: &UserPatch, before: &User) -> Result<(), Vec<Refusal>> {
    let username = patch
        .username
        .as_deref()
        .map_or_else(|| before.username.clone(), normal_username);
    let mut refusals = Refusals::default();
    refusals.check("username", Some(&username), rules::username);
    refusals.check(
        "display_name",
        set(&patch.display_name),
        rules::display_name,
    );
    refusals.check("email", set(&patch.email), rules::email);
    refusals.check("phone", set(&patch.phone), rules::phone);
    refusals.check("time_zone", set(&patch.time_zone), rules::time_zone);
    refusals.check("locale", set(&patch.locale), rules::locale);
    refusals.password(patch.password.as_ref(), &username);
    let groups = patch.groups.as_ref().unwrap_or(&before.groups);
    refusals.groups(groups, patch.role.unwrap_or(before.role));
    refusals.none()
}

/// Whether the groups fit the role, after a change that another one may have gone before.
pub(super) fn check_scope(after: &UserRow) -> Result<(), Vec<Refusal>> {
    let mut refusals = Refusals::default();
    refusals.groups(&after.server_groups.0, after.role.0);
    refusals.none()
}

/// The row after a change that was checked.
pub(super) fn changed(
    row: UserRow,
    patch: UserPatch,
    hash: Option<String>,
    now: UnixMs,
) -> UserRow {
    let username = patch.username.as_deref().map(normal_username);
    UserRow {
        version: row.version + 1,
        username: username.unwrap_or(row.username),
        display_name: patch.display_name.over(row.display_name),
        email: patch.email.over(row.email),
        phone: patch.phone.over(row.phone),
        time_zone: patch.time_zone.over(row.time_zone),
        locale: patch.locale.over(row.locale),
        role: patch.role.map_or(row.role, Word),
        disabled: patch.disabled.unwrap_or(row.disabled),
        must_change_password: row.must_change_password && hash.is_none(),
        password_hash: hash.or(row.password_hash),
        server_groups: patch
            .groups
            .map_or(row.server_groups, |groups| Json(normal_groups(groups))),
        updated_at: Moment(now),
        ..row
    }
}

/// The groups as they are kept: sorted, each once.
fn normal_groups(groups: Vec<String>) -> Vec<String> {
    let groups = groups.into_iter().map(|group| group.trim().to_owned());
    let groups: BTreeSet<String> = groups.collect();
    groups.into_iter().collect()
}

fn set(field: &Patch<String>) -> Option<&String> {
    match field {
        Patch::Keep | Patch::Clear => None,
        Patch::Set(value) => Some(value),
    }
}

#[derive(Default)]
struct Refusals(Vec<Refusal>);

impl Refusals {
    fn check(&mut self, field: &'static str, value: Option<&String>, rule: Rule) {
        if let Some(fault) = value.and_then(|value| rule(value).err()) {
            self.0.push(Refusal { field, fault });
        }
    }

    fn password(&mut self, password: Option<&String>, username: &str) {
        let fault = password.and_then(|password| rules::password(password, username).err());
        if let Some(fault) = fault {
            let field = "password";
            self.0.push(Refusal { field, fault });
        }
    }

    /// Who manages the server has to see it whole.
    fn groups(&mut self, groups: &[String], role: Role) {
        let is_limited_admin = !groups.is_empty() && role.may(Permission::UsersWrite);
        let admin = (!is_limited_admin).then_some(()).ok_or(Fault::IsAdmin);
        if let Err(fault) = rules::groups(groups).and(admin) {
            let field = "groups";
            self.0.push(Refusal { field, fault });
        }
    }

    fn none(self) -> Result<(), Vec<Refusal>> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(username: &str) -> NewUser {
        NewUser {
            username: username.to_owned(),
            display_name: None,
            email: None,
            phone: None,
            time_zone: None,
            locale: None,
            role: Role::Viewer,
            password: None,
            disabled: false,
            groups: Vec::new(),
        }
    }

    #[test]
    fn every_refused_field_is_named_at_once() {
        let refused = new_row(
            NewUser {
                email: Some("nobody".to_owned()),
                password: Some("short".to_owned()),
                ..new("no spaces")
            },
            UnixMs(0),
        );
        let fields: Vec<_> = refused.unwrap_err().iter().map(|r| r.field).collect();
        assert_eq!(fields, ["username", "email", "password"]);
    }

    #[test]
    fn a_change_touches_only_what_it_names() {
        let row = new_row(new("Ann"), UnixMs(1)).unwrap();
        assert_eq!(row.username, "ann");
        let patch = UserPatch {
            email: Patch::Set("a@b".to_owned()),
            role: Some(Role::Manager),
            ..UserPatch::default()
        };
        check(&patch, &User::from(row.clone())).unwrap();
        let after = changed(row.clone(), patch, None, UnixMs(2));
        let expected = UserRow {
            version: 2,
            email: Some("a@b".to_owned()),
            role: Word(Role::Manager),
            updated_at: Moment(UnixMs(2)),
            ..row
        };
        assert_eq!(after, expected);
    }
}
