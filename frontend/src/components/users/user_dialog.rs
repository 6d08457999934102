//! Adding or changing a person; never removing one.

use std::collections::BTreeSet;

use common::access::Role;
use common::api::patch::Patch;
use common::api::users::{NewUser, User, UserPatch};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::table::role_word;
use crate::api::{use_api, users};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{
    choice::{Choice, Toggle},
    field::{Field, FieldKind},
    submit::{FormError, Submission},
};
use crate::components::toast::use_toasts;
use crate::pages::users::Opened;
use crate::state::load::Load;

/// What stands in the form.
#[derive(Clone, Copy)]
struct Entered {
    username: RwSignal<String>,
    display_name: RwSignal<String>,
    email: RwSignal<String>,
    role: RwSignal<String>,
    groups: RwSignal<String>,
    password: RwSignal<String>,
    disabled: RwSignal<bool>,
}

impl Entered {
    fn of(user: Option<&User>) -> Self {
        let text = |read: fn(&User) -> String| RwSignal::new(user.map(read).unwrap_or_default());
        Self {
            username: text(|user| user.username.clone()),
            display_name: text(|user| user.display_name.clone()),
            email: text(|user| user.email.clone().unwrap_or_default()),
            role: RwSignal::new(
                user.map_or(Role::Viewer, |user| user.role)
                    .name()
                    .to_owned(),
            ),
            groups: text(|user| user.groups.join(", ")),
            password: RwSignal::new(String::new()),
            disabled: RwSignal::new(user.is_some_and(|user| user.disabled)),
        }
    }

    fn role(self) -> Role {
        self.role
            .with(|name| Role::from_name(name))
            .unwrap_or_default()
    }

    fn new_user(self) -> NewUser {
        NewUser {
            username: self.username.get().trim().to_owned(),
            display_name: filled(self.display_name),
            email: filled(self.email),
            phone: None,
            time_zone: None,
            locale: None,
            role: self.role(),
            password: Some(self.password.get()).filter(|password| !password.is_empty()),
            disabled: self.disabled.get(),
            groups: group_names(&self.groups.get()),
        }
    }

    /// Only what was changed.
    fn patch(self, user: &User) -> UserPatch {
        let new = self.new_user();
        UserPatch {
            username: Some(new.username).filter(|name| *name != user.username),
            display_name: patched(new.display_name, &user.display_name),
            email: patched(new.email, user.email.as_deref().unwrap_or_default()),
            role: Some(new.role).filter(|role| *role != user.role),
            password: new.password,
            disabled: Some(new.disabled).filter(|disabled| *disabled != user.disabled),
            groups: Some(new.groups).filter(|groups| *groups != user.groups),
            ..UserPatch::default()
        }
    }
}

fn filled(text: RwSignal<String>) -> Option<String> {
    Some(text.get().trim().to_owned()).filter(|text| !text.is_empty())
}

/// The names between the commas, as the server keeps them: sorted, each once.
fn group_names(text: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim);
    let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// Leaves alone what is as it was; an emptied field is cleared.
fn patched(new: Option<String>, old: &str) -> Patch<String> {
    match new {
        None if old.is_empty() => Patch::Keep,
        None => Patch::Clear,
        Some(new) if new == old => Patch::Keep,
        Some(new) => Patch::Set(new),
    }
}

/// The form of a person.
#[component]
pub fn UserDialog(
    /// Who is changed; `None`: somebody new.
    user: Option<User>,
    /// Which dialog is open.
    opened: RwSignal<Option<Opened>>,
    /// The list that it belongs to.
    load: Load<Vec<User>>,
) -> impl IntoView {
    let api = use_api();
    let toasts = use_toasts();
    let form = Submission::new();
    let entered = Entered::of(user.as_ref());
    let is_new = user.is_none();
    let (title, word) = match &user {
        None => ("Add a user".to_owned(), "Add the user"),
        Some(user) => (format!("Change {}", user.display_name), "Save"),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let user = user.clone();
        let (new, patch) = (
            entered.new_user(),
            user.as_ref().map(|user| entered.patch(user)),
        );
        let request = async move {
            match (user, patch) {
                (Some(user), Some(patch)) => users::change(api, user.id, &patch).await,
                _ => users::create(api, &new).await,
            }
        };
        form.send::<User>(request, move |saved| {
            toasts.saved(&saved.display_name);
            opened.set(None);
            load.again();
        });
    };
    view! {
        <Dialog title on_close=move |()| opened.set(None)>
            <form class="form" on:submit=submit>
                <Field
                    id="user-username"
                    label="Login name"
                    value=entered.username
                    error=form.field("username")
                    first=true
                />
                <Field
                    id="user-display-name"
                    label="Name to show"
                    value=entered.display_name
                    hint="Empty: the login name."
                    error=form.field("display_name")
                />
                <Field
                    id="user-email"
                    label="E-mail"
                    kind=FieldKind::Email
                    value=entered.email
                    error=form.field("email")
                />
                <Choice
                    id="user-role"
                    label="Role"
                    options=Role::ALL
                        .map(|role| (role.name().to_owned(), role_meaning(role)))
                        .to_vec()
                    value=entered.role
                    error=form.field("role")
                />
                <Field
                    id="user-groups"
                    label="Server groups"
                    value=entered.groups
                    hint="Only servers of these groups are seen, such as web, db. Empty: all servers."
                    error=form.field("groups")
                />
                <Field
                    id="user-password"
                    label=if is_new { "Password" } else { "New password" }
                    kind=FieldKind::NewPassword
                    value=entered.password
                    hint=if is_new {
                        "At least 10 characters."
                    } else {
                        "Empty: it stays. A new one ends the person's sessions."
                    }
                    error=form.field("password")
                />
                <Toggle
                    id="user-disabled"
                    label="Login disabled: nobody can log in by this name"
                    value=entered.disabled
                />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| opened.set(None)>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        {word}
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}

fn role_meaning(role: Role) -> String {
    let meaning = match role {
        Role::Viewer => "reads and exports",
        Role::Operator => "also acts on alerts",
        Role::Manager => "also sets up servers and rules",
        Role::Admin => "also people and settings",
    };
    format!("{}: {meaning}", role_word(role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_the_names_between_the_commas() {
        for (text, names) in [
            ("", &[][..]),
            (" , ", &[]),
            ("web", &["web"]),
            ("web,  data base ,web, ", &["data base", "web"]),
        ] {
            assert_eq!(group_names(text), names, "{text:?}");
        }
    }
}
