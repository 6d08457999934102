//! Adding an API key, and showing its secret the one time it is told; never a list of keys.

use common::api::keys::{ApiKey, MadeApiKey, NewApiKey, Scope};
use common::time::UnixMs;
use leptos::ev::{FocusEvent, SubmitEvent};
use leptos::prelude::*;

use crate::api::{keys, use_api};
use crate::browser;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Choice, Field, FormError, Submission, Toggle};
use crate::reactive::spawn;
use crate::state::load::Load;
use crate::state::session::use_session;

const DAY_MS: i64 = 86_400_000;

/// What a scope allows, in a few words.
pub fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::MetricsRead => "reads metrics",
        Scope::MetricsWrite => "sends metrics",
    }
}

/// What stands in the form.
#[derive(Clone, Copy)]
struct Entered {
    name: RwSignal<String>,
    reads: RwSignal<bool>,
    sends: RwSignal<bool>,
    /// Days until it expires; empty: never.
    days: RwSignal<String>,
}

impl Entered {
    fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            reads: RwSignal::new(false),
            sends: RwSignal::new(false),
            days: RwSignal::new("365".to_owned()),
        }
    }

    fn new_key(self, now: UnixMs) -> NewApiKey {
        let days: Option<i64> = self.days.with(|days| days.parse().ok());
        let scopes = [
            (self.reads, Scope::MetricsRead),
            (self.sends, Scope::MetricsWrite),
        ];
        let ticked = scopes.into_iter().filter(|(ticked, _)| ticked.get());
        NewApiKey {
            name: self.name.get().trim().to_owned(),
            scopes: ticked.map(|(_, scope)| scope).collect(),
            expires_at: days.map(|days| now.plus_ms(days * DAY_MS)),
        }
    }
}

/// The form of a new key; once it is made, its secret.
#[component]
pub fn KeyDialog(
    /// Whether it is open.
    opened: RwSignal<bool>,
    /// The list that the key belongs to.
    load: Load<Vec<ApiKey>>,
) -> impl IntoView {
    let secret = RwSignal::new(None::<String>);
    view! {
        <Dialog title="Add an API key" on_close=move |()| opened.set(false)>
            {move || match secret.get() {
                None => view! { <KeyForm opened secret load /> }.into_any(),
                Some(secret) => view! { <Secret secret opened /> }.into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn KeyForm(
    opened: RwSignal<bool>,
    secret: RwSignal<Option<String>>,
    load: Load<Vec<ApiKey>>,
) -> impl IntoView {
    let api = use_api();
    let session = use_session();
    let form = Submission::new();
    let entered = Entered::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let new = entered.new_key(browser::now());
        let request = async move { keys::create(api, &new).await };
        form.send::<MadeApiKey>(request, move |made| {
            secret.set(Some(made.secret));
            load.again();
        });
    };
    let scope_error = form.field("scopes");
    view! {
        <form class="form" on:submit=submit>
            <Field
                id="key-name"
                label="What it is for"
                value=entered.name
                error=form.field("name")
                first=true
            />
            <fieldset class="api-keys__scopes">
                <legend class="field__label">"What it may do"</legend>
                <Toggle id="key-reads" label="Read metrics" value=entered.reads />
                <Show when=move || session.may(Scope::MetricsWrite.permission())>
                    <Toggle id="key-sends" label="Send metrics" value=entered.sends />
                </Show>
                {move || {
                    scope_error.get().map(|error| view! { <p class="field__error">{error}</p> })
                }}
            </fieldset>
            <Choice
                id="key-days"
                label="Expires"
                options=expiries()
                value=entered.days
                error=form.field("expires_at")
            />
            <FormError of=form />
            <Actions>
                <Button on_press=move |_| opened.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Main busy=form.busy()>
                    "Add the key"
                </Button>
            </Actions>
        </form>
    }
}

fn expiries() -> Vec<(String, String)> {
    [
        ("30", "In 30 days"),
        ("90", "In 90 days"),
        ("365", "In a year"),
        ("", "Never"),
    ]
    .map(|(days, word)| (days.to_owned(), word.to_owned()))
    .to_vec()
}

/// The secret, to be copied.
#[component]
fn Secret(secret: String, opened: RwSignal<bool>) -> impl IntoView {
    let (copied, set_copied) = signal(None::<bool>);
    let text = secret.clone();
    let copy = move |_| {
        let text = text.clone();
        spawn(async move {
            let is_done = browser::copy(&text).await;
            set_copied.try_set(Some(is_done));
        });
    };
    let said = move || match copied.get() {
        None => "Copy the key now: it is not shown again.",
        Some(true) => "It is copied. It is not shown again.",
        Some(false) => "This browser copies over HTTPS only: select the key and copy it by hand.",
    };
    let select = |event: FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    view! {
        <div class="form">
            <p role="status">{said}</p>
            <input
                class="field__input api-keys__secret"
                id="key-secret"
                aria-label="The API key"
                readonly
                autocomplete="off"
                spellcheck="false"
                value=secret
                on:focus=select
            />
            <Actions>
                <Button on_press=copy>"Copy"</Button>
                <Button kind=ButtonKind::Main on_press=move |_| opened.set(false)>
                    "Done"
                </Button>
            </Actions>
        </div>
    }
}
