//! Alerts as a file on the reader's disk; never a link with a credential in it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::filter_bar::use_filter;
use crate::api::alerts::{self, Format};
use crate::api::{SavedFile, use_api};
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;

/// Buttons that save the list as a table or for a program.
#[component]
pub fn Downloads() -> impl IntoView {
    view! {
        <Download format=Format::Csv word="CSV" />
        <Download format=Format::Json word="JSON" />
    }
}

#[component]
fn Download(format: Format, word: &'static str) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let filter = use_filter();
    let busy = RwSignal::new(false);
    let press = move |_| {
        busy.set(true);
        let filter = filter.get_untracked();
        spawn_local(async move {
            let answer = alerts::export(api, &filter, format).await;
            busy.try_set(false);
            match answer {
                Ok(file) if save(&file).is_ok() => {
                    toasts.done(format!("{} was saved.", file.name));
                }
                Ok(_) => toasts.failed(
                    "The browser refused the file.",
                    &crate::api::ApiError::Unreadable,
                ),
                Err(error) => toasts.failed("The file could not be read.", &error),
            }
        });
    };
    view! {
        <Button icon=Icon::Download busy on_press=press>
            <span class="unseen">"Download as "</span>
            {word}
        </Button>
    }
}

/// Hands a file to the browser's downloads.
pub fn save(file: &SavedFile) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(&file.text));
    let options = BlobPropertyBag::new();
    options.set_type(&file.kind);
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(&file.name);
    link.click();
    Url::revoke_object_url(&address)
}
