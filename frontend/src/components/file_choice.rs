//! A file of the person's disk, chosen and read as text; never sent from here.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::button::Button;
use super::icon::Icon;
use crate::api::ChosenFile;
use crate::reactive::spawn;

/// A button that asks for a file.
#[component]
pub fn FileChoice(
    /// Its word.
    word: &'static str,
    /// The endings that are taken, such as `.toml,.json`.
    endings: &'static str,
    /// A file was chosen.
    #[prop(into)]
    on_file: Callback<ChosenFile>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let read = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        spawn(async move {
            let text = JsFuture::from(file.text()).await;
            // The same file can be chosen again after it was changed.
            input.set_value("");
            if let Some(text) = text.ok().and_then(|text| text.as_string()) {
                let name = file.name();
                let kind = kind_of(&name);
                on_file.try_run(ChosenFile { name, kind, text });
            }
        });
    };
    view! {
        <input
            class="unseen"
            type="file"
            tabindex="-1"
            aria-label=word
            accept=endings
            node_ref=input
            on:change=read
        />
        <Button icon=Icon::Plus on_press=ask>
            {word}
        </Button>
    }
}

fn kind_of(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("toml") => "application/toml",
        Some("yaml" | "yml") => "application/yaml",
        _ => "application/json",
    }
}
