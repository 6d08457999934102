//! What is added, changed and removed in dialogs above its list; never what the list shows of it.

use std::future::Future;

use common::access::Permission;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::button::{Button, ButtonKind};
use crate::components::confirm::Confirm;
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::state::load::Load;
use crate::state::session::use_session;

/// The dialog above a list.
#[derive(Clone, PartialEq)]
pub enum Open<T> {
    /// The form, for a new one or one that is there.
    Form(Option<T>),
    /// The question before one goes.
    Removal(T),
}

/// The ways out of a dialog.
#[derive(Clone, Copy)]
pub struct Leave {
    /// Nothing was done.
    pub close: Callback<()>,
    /// Something was done: the list is read again.
    pub done: Callback<()>,
}

/// Which dialog is open above a list; at most one.
pub struct Opened<T: 'static>(RwSignal<Option<Open<T>>>);

impl<T> Clone for Opened<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Opened<T> {}

impl<T: Clone + Send + Sync + 'static> Opened<T> {
    /// None.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Opens one.
    pub fn open(self, open: Open<T>) {
        self.0.set(Some(open));
    }

    /// The button that opens the form for a new one, for who may.
    pub fn add_button(self, may: Permission, word: &'static str) -> AnyView {
        let session = use_session();
        let button = move || {
            view! {
                <Button icon=Icon::Plus on_press=move |_| self.open(Open::Form(None))>
                    {word}
                </Button>
            }
        };
        (move || session.may(may).then(button)).into_any()
    }

    /// The buttons that change and remove one of the list, for who may.
    pub fn acts(self, may: Permission, name: &str, one: T) -> AnyView {
        let session = use_session();
        let (name, one) = (StoredValue::new(name.to_owned()), StoredValue::new(one));
        view! {
            <Show when=move || session.may(may)>
                <div class="noted__acts">
                    <Button on_press=move |_| self.open(Open::Form(Some(one.get_value())))>
                        "Edit" <span class="unseen">" " {name.get_value()}</span>
                    </Button>
                    <Button
                        kind=ButtonKind::Quiet
                        on_press=move |_| self.open(Open::Removal(one.get_value()))
                    >
                        "Remove" <span class="unseen">" " {name.get_value()}</span>
                    </Button>
                </div>
            </Show>
        }
        .into_any()
    }

    /// The dialog that is open, as `dialog` shows it.
    pub fn view<L: Clone + Send + Sync + 'static>(
        self,
        load: Load<L>,
        dialog: impl Fn(Open<T>, Leave) -> AnyView + Send + 'static,
    ) -> AnyView {
        let close = move |()| {
            self.0.try_set(None);
        };
        let done = move |()| {
            close(());
            load.again();
        };
        let leave = Leave {
            close: Callback::new(close),
            done: Callback::new(done),
        };
        (move || self.0.get().map(|open| dialog(open, leave))).into_any()
    }
}

/// Asks before the one of this name is removed, removes it, and says so.
pub(super) fn removal<F>(
    name: String,
    (act, text): (&'static str, &'static str),
    request: impl Fn() -> F + Send + Sync + 'static,
    leave: Leave,
) -> AnyView
where
    F: Future<Output = Result<(), ApiError>> + 'static,
{
    let toasts = use_toasts();
    let title = format!("Remove {name}?");
    let removed = move |()| {
        toasts.done(format!("{name} was removed."));
        leave.done.run(());
    };
    view! { <Confirm title text act request on_close=leave.close on_done=removed /> }.into_any()
}
