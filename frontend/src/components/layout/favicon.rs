//! The page's icon with how many alerts are open; never the title.

use std::cell::RefCell;

use leptos::prelude::document;
use leptos::wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url};

/// The icon without a number.
const PLAIN: &str = include_str!("../../../../assets/icon.svg");
const PLAIN_ADDRESS: &str = "/icon.svg";

thread_local! {
    /// The number that is shown, and the address of its picture.
    static SHOWN: RefCell<(usize, Option<String>)> = const { RefCell::new((0, None)) };
}

/// Shows how many alerts are open.
pub fn show_count(open: usize) {
    SHOWN.with_borrow_mut(|(number, address)| {
        if *number == open {
            return;
        }
        let drawn = (open > 0).then(|| drawn(open).ok()).flatten();
        let icon = document().query_selector("link[rel=icon]");
        if let Ok(Some(icon)) = icon {
            drop(icon.set_attribute("href", drawn.as_deref().unwrap_or(PLAIN_ADDRESS)));
        }
        let before = std::mem::replace(address, drawn);
        if let Some(before) = before {
            drop(Url::revoke_object_url(&before));
        }
        *number = open;
    });
}

/// The address of the icon with that number.
fn drawn(open: usize) -> Result<String, JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(&with_count(open)));
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    Url::create_object_url_with_blob(&blob)
}

/// The icon with the number in a red disc; from 10 on there is no room but for "9+".
fn with_count(open: usize) -> String {
    let number = match open {
        0..=9 => open.to_string(),
        _ => "9+".to_owned(),
    };
    let disc = r##"<circle cx="16.5" cy="7.5" r="7.5" fill="#e5484d" stroke="none"/>"##;
    let text = format!(
        r##"<text x="16.5" y="11.2" text-anchor="middle" font-family="sans-serif" font-size="10.5" font-weight="700" fill="#fff" stroke="none">{number}</text>"##
    );
    PLAIN.replace("</svg>", &format!("{disc}{text}</svg>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_stands_in_the_icon() {
        for (open, shown) in [
            (1, ">1</text></svg>"),
            (9, ">9<"),
            (10, ">9+<"),
            (400, ">9+<"),
        ] {
            let icon = with_count(open);
            assert!(icon.starts_with("<svg") && icon.contains(shown), "{icon}");
        }
    }
}
