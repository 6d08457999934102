//! All silences: those that hold, those to come, and those that are over; never their form.

use common::access::Permission;
use common::alert::{Silence, SilenceState};
use leptos::prelude::*;

use super::conditions;
use super::silence_form::{SilenceDialog, Start};
use crate::api::{noise, use_api};
use crate::components::alerts::noted::{Leave, Open, Opened};
use crate::components::alerts::targets::Names;
use crate::components::button::{Button, ButtonKind};
use crate::components::confirm::Confirm;
use crate::components::icon::Icon;
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

/// The silences, and how to add one.
#[component]
pub fn Silences(
    /// Names of people.
    names: Load<Names>,
    /// Grows when the whole configuration was replaced.
    #[prop(into)]
    taken: Signal<u32>,
) -> impl IntoView {
    let opened = Opened::new();
    let with_old = RwSignal::new(false);
    let load = Load::new(move |api| {
        taken.track();
        noise::silences(api)
    });
    let add = opened.add_button(Permission::SilencesWrite, "Add a silence");
    let show = move |silences: Vec<Silence>, _| list(silences, names, (with_old, opened));
    view! {
        <Panel title="Silences" aside=add>
            {load_view(load, Shape::Rows(2), show)}
        </Panel>
        {opened.view(load, dialog)}
    }
}

fn list(
    silences: Vec<Silence>,
    names: Load<Names>,
    (with_old, opened): (RwSignal<bool>, Opened<Silence>),
) -> AnyView {
    let (old, mut shown): (Vec<_>, Vec<_>) = silences
        .into_iter()
        .partition(|it| it.state == SilenceState::Expired);
    // Those that end next stand first.
    shown.sort_by_key(|it| it.ends_at);
    let blank = shown.is_empty().then(|| {
        let text = "A silence holds alerts back for a time: nobody is told of them. An alert is silenced at itself, or here.";
        view! { <Empty title="Nothing is silenced" text /> }
    });
    let entries = shown.into_iter().map(|it| entry(it, names, opened));
    let entries: Vec<_> = entries.collect();
    let count = old.len();
    let old = StoredValue::new(old);
    let old_entries = move || {
        let old = old.get_value().into_iter();
        old.map(|it| entry(it, names, opened)).collect_view()
    };
    view! {
        {blank}
        <ul class="noted">{entries} {move || with_old.get().then(old_entries)}</ul>
        <Show when=move || 0 < count>
            <p class="more">
                <Button
                    kind=ButtonKind::Quiet
                    on_press=move |_| with_old.update(|it| *it = !*it)
                >
                    {move || {
                        if with_old.get() {
                            "Hide those that are over".to_owned()
                        } else {
                            format!("Show those that are over ({count})")
                        }
                    }}
                </Button>
            </p>
        </Show>
    }
    .into_any()
}

fn entry(silence: Silence, names: Load<Names>, opened: Opened<Silence>) -> AnyView {
    let (session, preferences) = (use_session(), use_preferences());
    let (state, starts_at, ends_at) = (silence.state, silence.starts_at, silence.ends_at);
    let when = move || {
        let moment = |at| preferences.moment(at, Style::DayAndTime);
        match state {
            SilenceState::Pending => format!("from {} to {}", moment(starts_at), moment(ends_at)),
            SilenceState::Active => format!("until {}", moment(ends_at)),
            SilenceState::Expired => format!("{} to {}", moment(starts_at), moment(ends_at)),
        }
    };
    let by = silence.created_by.map(|id| {
        move || {
            let known = names.state().get();
            let name = known.value().map(|names| names.person(Some(id)));
            name.map(|name| format!(", by {name}"))
        }
    });
    let words = StoredValue::new(conditions::in_words(&silence.matchers));
    let comment = silence.comment.clone();
    let kept = StoredValue::new(silence);
    let form = move |_| opened.open(Open::Form(Some(kept.get_value())));
    let acts = move || match state {
        SilenceState::Expired => view! {
            <Button on_press=form>
                "Again" <span class="unseen">" " {words.get_value()}</span>
            </Button>
        }
        .into_any(),
        SilenceState::Pending | SilenceState::Active => view! {
            <Button on_press=form>
                "Edit" <span class="unseen">" " {words.get_value()}</span>
            </Button>
            <Button on_press=move |_| opened.open(Open::Removal(kept.get_value()))>
                "End" <span class="unseen">" " {words.get_value()}</span>
            </Button>
        }
        .into_any(),
    };
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3 class="values">{words.get_value()}</h3>
                <p>{state_pill(state)} " " <span class="muted">{when} {by}</span></p>
                {(!comment.is_empty()).then(|| view! { <p>{comment}</p> })}
            </div>
            <Show when=move || session.may(Permission::SilencesWrite)>
                <div class="noted__acts">{acts()}</div>
            </Show>
        </li>
    }
    .into_any()
}

fn state_pill(state: SilenceState) -> impl IntoView {
    let (class, icon, word) = match state {
        SilenceState::Pending => ("pill", Icon::Clock, "To come"),
        SilenceState::Active => ("pill pill--warning", Icon::Pause, "Holds"),
        SilenceState::Expired => ("pill", Icon::Check, "Over"),
    };
    view! { <span class=class>{icon.view()} {word}</span> }
}

fn dialog(open: Open<Silence>, leave: Leave) -> AnyView {
    match open {
        Open::Form(silence) => {
            let start = match silence {
                None => Start::Anew,
                Some(over) if over.state == SilenceState::Expired => Start::Again(over),
                Some(there) => Start::Change(there),
            };
            view! { <SilenceDialog start on_close=leave.close on_done=leave.done /> }.into_any()
        }
        Open::Removal(silence) => {
            let (api, toasts) = (use_api(), use_toasts());
            let id = silence.id;
            let end = move || noise::expire(api, id);
            let ended = move |()| {
                toasts.done("The silence has ended.");
                leave.done.run(());
            };
            view! {
                <Confirm
                    title="End this silence now?"
                    text="What it holds back and still fires is told at once. The silence stays among those that are over."
                    act="End the silence"
                    request=end
                    on_close=leave.close
                    on_done=ended
                />
            }
            .into_any()
        }
    }
}
