//! One row a person; never what may be done to oneself by mistake.

use common::access::Role;
use common::api::users::User;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::icon::Icon;
use crate::format::age;
use crate::moments::Style;
use crate::pages::users::Opened;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;
use crate::state::ticker::use_now;

/// Everybody with a login.
#[component]
pub fn UserTable(
    /// The people.
    users: Vec<User>,
) -> impl IntoView {
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards">
                <caption class="unseen">"Everybody with a login"</caption>
                <thead>
                    <tr>
                        <th>"Name"</th>
                        <th>"Role"</th>
                        <th>"Login"</th>
                        <th>"Last login"</th>
                        <th>
                            <span class="unseen">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {users.into_iter().map(|user| view! { <UserRow user /> }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn UserRow(user: User) -> impl IntoView {
    let session = use_session();
    let preferences = use_preferences();
    let now = use_now();
    let opened = expect_context::<RwSignal<Option<Opened>>>();
    let is_self = session.user().is_some_and(|own| own.id == user.id);
    let shows_both = user.display_name != user.username;
    let last_login = user.last_login_at;
    let (changed, removed) = (Box::new(user.clone()), Box::new(user.clone()));
    let groups = (!user.groups.is_empty()).then(|| format!("for {}", user.groups.join(", ")));
    let name = user.display_name.clone();
    let other_name = name.clone();
    view! {
        <tr>
            <td data-label="Name">
                <span>
                    <span class="table__name">{user.display_name}</span>
                    {shows_both.then(|| view! { <span class="muted">" " {user.username}</span> })}
                    {is_self.then(|| view! { <span class="tag tag--after">"you"</span> })}
                </span>
            </td>
            <td data-label="Role">
                <span>
                    {role_word(user.role)}
                    {groups.map(|groups| view! { <span class="muted">" " {groups}</span> })}
                </span>
            </td>
            <td data-label="Login">
                {if user.disabled {
                    view! { <span class="status status--paused">{Icon::Pause.small()} "Disabled"</span> }
                } else {
                    view! { <span class="status status--ok">{Icon::Healthy.small()} "Open"</span> }
                }}
            </td>
            <td data-label="Last login" class="muted">
                {match last_login {
                    None => view! { <span>"never"</span> }.into_any(),
                    Some(at) => {
                        view! {
                            <time
                                datetime=at.to_rfc3339()
                                title=move || preferences.moment(at, Style::DayAndTime)
                            >
                                {move || age(now.get().since_ms(at))}
                            </time>
                        }
                            .into_any()
                    }
                }}
            </td>
            <td class="table__actions">
                <Button
                    kind=ButtonKind::Quiet
                    on_press=move |_| opened.set(Some(Opened::Change(changed.clone())))
                >
                    "Change"
                    <span class="unseen">" " {name.clone()}</span>
                </Button>
                {(!is_self)
                    .then(|| {
                        view! {
                            <Button
                                kind=ButtonKind::Quiet
                                on_press=move |_| {
                                    opened.set(Some(Opened::Remove(removed.clone())));
                                }
                            >
                                "Remove"
                                <span class="unseen">" " {other_name.clone()}</span>
                            </Button>
                        }
                    })}
            </td>
        </tr>
    }
}

/// A role in a word.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Operator => "Operator",
        Role::Manager => "Manager",
        Role::Admin => "Administrator",
    }
}
