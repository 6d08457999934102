//! The page's icon with how many alerts are open; never the title.

use leptos::prelude::document;

/// Shows how many alerts are open.
pub fn show_count(open: usize) {
    let icon = document().query_selector("link[rel=icon]");
    if let Ok(Some(icon)) = icon {
        drop(icon.set_attribute("href", address(open)));
    }
}

/// Each number is a file: what a browser draws in the tab it asks for again after a page is gone, when no
/// picture of the page's own is there any more. From 10 on there is no room but for "9+".
const fn address(open: usize) -> &'static str {
    match open {
        0 => "/icon.svg",
        1 => "/icon-1.svg",
        2 => "/icon-2.svg",
        3 => "/icon-3.svg",
        4 => "/icon-4.svg",
        5 => "/icon-5.svg",
        6 => "/icon-6.svg",
        7 => "/icon-7.svg",
        8 => "/icon-8.svg",
        9 => "/icon-9.svg",
        _ => "/icon-more.svg",
    }
}
