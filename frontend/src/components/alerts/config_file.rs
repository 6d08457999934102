//! The whole configuration of alerting as a file: saved, tried and taken; never one part of it.

use common::access::Permission;
use common::api::alert_config::{ConfigImported, ConfigItem};
use leptos::prelude::*;

use super::taken;
use crate::api::{ChosenFile, alert_config, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::file_choice::FileChoice;
use crate::components::file_save::FileSave;
use crate::components::form::{FormError, OtherErrors, Submission};
use crate::components::page::Panel;
use crate::components::toast::use_toasts;
use crate::state::session::use_session;

/// Saves the configuration, and takes one.
#[component]
pub fn ConfigFile(
    /// A file was taken.
    #[prop(into)]
    on_taken: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let chosen = RwSignal::new(None::<ChosenFile>);
    let dialog = move || {
        chosen.get().map(|file| {
            let close = move |()| {
                chosen.try_set(None);
            };
            view! { <TakeDialog file on_close=close on_taken /> }
        })
    };
    let take = move || {
        session.may(Permission::SettingsWrite).then(|| {
            view! {
                <FileChoice
                    word="Take a file…"
                    endings=".toml,.json"
                    on_file=move |file| chosen.set(Some(file))
                />
            }
        })
    };
    let export = |form: &'static str| move |api| alert_config::export(api, form);
    let panel = move || {
        session.may(Permission::NotificationsRead).then(|| {
            view! {
                <Panel title="Configuration as a file">
                    <p class="muted">
                        "Rules, channels without their secrets, templates, routes, policies, schedules, windows, inhibitions and silences, for another server or version control."
                    </p>
                    <div class="parts__line">
                        <FileSave word="Save as TOML" read=export("toml") />
                        <FileSave word="Save as JSON" read=export("json") />
                        {take}
                    </div>
                </Panel>
            }
        })
    };
    view! {
        {panel}
        {dialog}
    }
}

/// Shows what the file would do, and does it.
#[component]
fn TakeDialog(
    file: ChosenFile,
    #[prop(into)] on_close: Callback<()>,
    #[prop(into)] on_taken: Callback<()>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let tried = RwSignal::new(None::<ConfigImported>);
    let title = format!("Take {}", file.name);
    let trial = alert_config::import(api, file.clone(), true);
    form.send(trial, move |told| {
        tried.try_set(Some(told));
    });
    let take = move |_| {
        form.send(
            alert_config::import(api, file.clone(), false),
            move |told| {
                toasts.done(format!(
                    "{} added, {} replaced.",
                    told.added.len(),
                    told.replaced.len()
                ));
                on_taken.run(());
                on_close.run(());
            },
        );
    };
    let changes = move || {
        let told = tried.get()?;
        Some((told.added.len() + told.replaced.len()) > 0)
    };
    view! {
        <Dialog title on_close>
            {move || tried.get().map(|told| shown(&told))}
            <OtherErrors of=form besides=&[] />
            <FormError of=form />
            <Actions>
                <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                <Button
                    kind=ButtonKind::Main
                    busy=form.busy()
                    disabled=Signal::derive(move || changes() != Some(true))
                    on_press=take
                >
                    "Take it"
                </Button>
            </Actions>
        </Dialog>
    }
}

/// What would be done, part by part.
fn shown(told: &ConfigImported) -> AnyView {
    let left_out = told.left_out.iter();
    let left_out = left_out.map(|it| format!("{}: {}", it.name, it.why));
    taken::lists([
        ("New", names(&told.added)),
        ("Replaced", names(&told.replaced)),
        ("As it is already", names(&told.unchanged)),
        ("Left out", left_out.collect()),
    ])
}

fn names(items: &[ConfigItem]) -> Vec<String> {
    let word = |it: &ConfigItem| format!("{}: {}", it.part.as_str().replace('_', " "), it.name);
    items.iter().map(word).collect()
}
