//! Everybody with a login, for the administrator; never a password.

use common::api::users::User;
use leptos::prelude::*;

use crate::api::users;
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::Icon;
use crate::components::load_view::load_view;
use crate::components::page::TextPage;
use crate::components::skeleton::Shape;
use crate::components::users::delete_dialog::DeleteDialog;
use crate::components::users::table::UserTable;
use crate::components::users::user_dialog::UserDialog;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};

/// Which dialog is open on this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// A new person.
    Add,
    /// A person to be changed.
    Change(Box<User>),
    /// A person to be removed.
    Remove(Box<User>),
}

/// Everybody with a login.
#[component]
pub fn UsersPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Users")]);
    let load = Load::new(users::list);
    let opened = RwSignal::new(None::<Opened>);
    provide_context(opened);
    let add = view! {
        <Button kind=ButtonKind::Main icon=Icon::Plus on_press=move |_| opened.set(Some(Opened::Add))>
            "Add a user"
        </Button>
    };
    let dialog = move || match opened.get() {
        None => ().into_any(),
        Some(Opened::Add) => view! { <UserDialog user=None opened load /> }.into_any(),
        Some(Opened::Change(user)) => {
            view! { <UserDialog user=Some(*user) opened load /> }.into_any()
        }
        Some(Opened::Remove(user)) => view! { <DeleteDialog user=*user opened load /> }.into_any(),
    };
    view! {
        <TextPage title="Users" aside=add.into_any()>
            {load_view(
                load,
                Shape::Rows(4),
                |users, _| view! { <UserTable users /> },
            )}
        </TextPage>
        {dialog}
    }
}
