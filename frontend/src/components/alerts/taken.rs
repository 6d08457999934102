//! What a file would do or did, list by list; never what is in the file.

use leptos::prelude::*;

/// The lists that are not empty, each under its words.
pub(super) fn lists(lists: impl IntoIterator<Item = (&'static str, Vec<String>)>) -> AnyView {
    let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
    let lists = lists.map(|(words, names)| {
        let names = names.into_iter().map(|name| view! { <li>{name}</li> });
        view! {
            <h3>{words}</h3>
            <ul class="noted__steps">{names.collect_view()}</ul>
        }
    });
    view! { <div class="noted__what">{lists.collect_view()}</div> }.into_any()
}
