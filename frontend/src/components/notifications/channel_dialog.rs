//! Adding or changing a channel; never a test of it.

use std::collections::BTreeSet;

use common::api::channels::{Channel, ChannelInput, ChannelKind};
use common::api::templates::Template;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Opened;
use super::channel_draft::{config, shown};
use super::channel_fields::{KindFields, Typed};
use super::kinds;
use crate::api::channels::Told;
use crate::api::{ApiError, channels, templates, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Choice, Field, FormError, Submission, Toggle};
use crate::components::toast::use_toasts;
use crate::reactive::{effect, memo};
use crate::state::load::Load;

/// What stands in the form.
#[derive(Clone, Copy)]
struct Entered {
    name: RwSignal<String>,
    kind: RwSignal<String>,
    typed: Typed,
    fallback: RwSignal<String>,
    template: RwSignal<String>,
    enabled: RwSignal<bool>,
}

impl Entered {
    fn of(channel: Option<&Channel>) -> Self {
        let text =
            |read: fn(&Channel) -> String| RwSignal::new(channel.map(read).unwrap_or_default());
        let id = |id: Option<String>| id.unwrap_or_default();
        Self {
            name: text(|it| it.name.clone()),
            kind: RwSignal::new(
                kinds::name(channel.map_or(ChannelKind::Email, |it| it.kind)).to_owned(),
            ),
            typed: Typed::new(|name| channel.map(|it| shown(it, name)).unwrap_or_default()),
            fallback: RwSignal::new(id(channel
                .and_then(|it| it.fallback)
                .map(|it| it.to_string()))),
            template: RwSignal::new(id(channel
                .and_then(|it| it.template)
                .map(|it| it.to_string()))),
            enabled: RwSignal::new(channel.is_none_or(|it| it.enabled)),
        }
    }

    fn kind(self) -> ChannelKind {
        self.kind.with(|name| kinds::of_name(name))
    }

    fn input(self) -> Result<ChannelInput, ApiError> {
        let kind = self.kind();
        let config = config(
            kind,
            |name| self.typed.text(name),
            |name| self.typed.is_forgotten(name),
        );
        let config = config.map_err(|fields| ApiError::Invalid {
            fields,
            detail: String::new(),
        })?;
        Ok(ChannelInput {
            name: self.name.get().trim().to_owned(),
            kind,
            config,
            enabled: self.enabled.get(),
            fallback: self.fallback.with(|id| id.parse().ok()),
            template: self.template.with(|id| id.parse().ok()),
        })
    }
}

/// The form of a channel.
#[component]
pub fn ChannelDialog(
    /// What is changed; `None`: a new one.
    channel: Option<Channel>,
    /// Which dialog is open.
    opened: RwSignal<Option<Opened>>,
    /// The list that it belongs to.
    load: Load<Vec<Told>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let entered = Entered::of(channel.as_ref());
    let is_new = channel.is_none();
    let title = match &channel {
        None => "Add a channel".to_owned(),
        Some(channel) => format!("Change {}", channel.name),
    };
    let secrets: BTreeSet<String> = channel.iter().flat_map(|it| it.secrets.clone()).collect();
    let kept = StoredValue::new(channel);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let input = match untrack(|| entered.input()) {
            Ok(input) => input,
            Err(refused) => return form.refuse(refused),
        };
        let seen = kept.get_value();
        let request = async move {
            match seen {
                Some(seen) => channels::replace(api, &seen, &input).await,
                None => channels::create(api, &input).await,
            }
        };
        form.send::<Channel>(request, move |saved| {
            toasts.saved(&saved.name);
            load.again();
            // What was made is tried next, before somebody relies on it.
            opened.set(is_new.then_some(Opened::Test(Box::new(saved))));
        });
    };
    let kind = memo(move || entered.kind());
    view! {
        <Dialog title on_close=move |()| opened.set(None)>
            <form class="form" on:submit=submit>
                {is_new
                    .then(|| {
                        view! {
                            <Choice
                                id="channel-kind"
                                label="What it speaks to"
                                options=kinds::choices()
                                value=entered.kind
                                error=form.field("kind")
                            />
                        }
                    })}
                <Field
                    id="channel-name"
                    label="Name"
                    value=entered.name
                    error=form.field("name")
                    first=true
                />
                {move || {
                    view! {
                        <KindFields
                            kind=kind.get()
                            typed=entered.typed
                            form
                            stored=secrets.clone()
                        />
                    }
                }}
                <Beyond entered form load own=kept.with_value(|it| it.as_ref().map(|it| it.id.to_string())) />
                <Toggle id="channel-enabled" label="Send messages there" value=entered.enabled />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| opened.set(None)>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        {if is_new { "Add the channel" } else { "Save" }}
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}

/// What it says, and who gets what it refuses.
#[component]
fn Beyond(
    entered: Entered,
    form: Submission,
    load: Load<Vec<Told>>,
    own: Option<String>,
) -> impl IntoView {
    let known = Load::new(templates::list);
    let fallbacks = memo(move || {
        let loaded = load.state();
        let mut options = vec![(String::new(), "Nobody".to_owned())];
        loaded.with(|loaded| {
            let all = loaded.value().into_iter().flatten();
            let others = all.filter(|it| Some(it.channel.id.to_string()) != own);
            options.extend(others.map(|it| (it.channel.id.to_string(), it.channel.name.clone())));
        });
        options
    });
    let saying = memo(move || {
        let (loaded, kind) = (known.state(), entered.kind());
        let fits = |it: &&Template| it.kind == kind;
        let mut options = vec![(String::new(), "The usual words".to_owned())];
        loaded.with(|loaded| {
            let all = loaded.value().into_iter().flatten().filter(fits);
            options.extend(all.map(|it| (it.id.to_string(), it.name.clone())));
        });
        options
    });
    // What another kind says is nothing for this one.
    effect(move || {
        let is_read = known.state().with(|loaded| loaded.value().is_some());
        let is_there =
            saying.with(|all| entered.template.with(|id| all.iter().any(|it| it.0 == *id)));
        if is_read && !is_there {
            entered.template.set(String::new());
        }
    });
    view! {
        {move || {
            view! {
                <Choice
                    id="channel-template"
                    label="What it says"
                    options=saying.get()
                    value=entered.template
                    error=form.field("template")
                />
            }
        }}
        {move || {
            view! {
                <Choice
                    id="channel-fallback"
                    label="Who gets what it refuses"
                    options=fallbacks.get()
                    value=entered.fallback
                    error=form.field("fallback")
                />
            }
        }}
    }
}
