//! A button that saves a file of the server on the reader's disk; never a link with a credential in it.

use std::future::Future;

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::button::Button;
use super::icon::Icon;
use super::toast::{Toasts, use_toasts};
use crate::api::{Api, ApiError, SavedFile, use_api};
use crate::reactive::spawn;

/// The button.
#[component]
pub fn FileSave<R, F>(
    /// Said before the word to who does not see where the button stands.
    #[prop(optional)]
    unseen: &'static str,
    /// What is on it.
    word: &'static str,
    /// Reads the file.
    read: R,
) -> impl IntoView
where
    R: Fn(Api) -> F + Send + Sync + 'static,
    F: Future<Output = Result<SavedFile, ApiError>> + 'static,
{
    let (api, toasts) = (use_api(), use_toasts());
    let busy = RwSignal::new(false);
    let press = move |_| {
        busy.set(true);
        let answer = read(api);
        spawn(async move {
            keep(answer.await, toasts);
            busy.try_set(false);
        });
    };
    view! {
        <Button icon=Icon::Download busy on_press=press>
            <span class="unseen">{unseen}</span>
            {word}
        </Button>
    }
}

fn keep(answer: Result<SavedFile, ApiError>, toasts: Toasts) {
    match answer {
        Ok(file) if save(&file).is_ok() => toasts.saved(&file.name),
        Ok(_) => toasts.failed("The browser refused the file.", &ApiError::Unreadable),
        Err(error) => toasts.failed("The file could not be read.", &error),
    }
}

/// Hands a file to the browser's downloads.
fn save(file: &SavedFile) -> Result<(), JsValue> {
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
