//! Some of many, each with a button that takes it away, and a menu that adds one; never what they are.

use leptos::prelude::*;
use web_sys::HtmlSelectElement;

use crate::components::button::IconButton;
use crate::components::icon::Icon;

/// Those that are chosen.
#[component]
pub fn Pick(
    /// The menu's name in the page, unique within it.
    id: &'static str,
    /// What is chosen.
    label: &'static str,
    /// What it means that none is chosen.
    none: &'static str,
    /// Value and name of all that there are.
    #[prop(into)]
    all: Signal<Vec<(String, String)>>,
    /// The values of those that are chosen.
    chosen: RwSignal<Vec<String>>,
    /// What is wrong with them.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let name_of = move |value: &str| {
        let name = all.with(|all| all.iter().find(|it| it.0 == value).map(|it| it.1.clone()));
        name.unwrap_or_else(|| value.to_owned())
    };
    let tags = move || {
        let tags = chosen.get().into_iter().map(|value| {
            let name = name_of(&value);
            let remove = move |_| chosen.update(|all| all.retain(|it| *it != value));
            view! {
                <li class="picked__one">
                    {name.clone()}
                    <IconButton icon=Icon::Close label=format!("Without {name}") on_press=remove />
                </li>
            }
        });
        tags.collect_view()
    };
    let add = move |event| {
        let menu: HtmlSelectElement = event_target(&event);
        let value = menu.value();
        chosen.update(|all| all.push(value));
        // It stands on its first line again, ready for another.
        menu.set_selected_index(0);
    };
    let first = move || {
        if chosen.with(Vec::is_empty) {
            none
        } else {
            "Add…"
        }
    };
    let options = move || {
        let taken = chosen.get();
        let left = all.get().into_iter().filter(|it| !taken.contains(&it.0));
        let options = left.map(|(value, name)| view! { <option value=value>{name}</option> });
        options.collect_view()
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
            </label>
            <div class="picked">
                <ul class="picked__list">{tags}</ul>
                <select class="field__input field__input--select picked__menu" id=id on:change=add>
                    <option value="" selected disabled>
                        {first}
                    </option>
                    {options}
                </select>
            </div>
            {move || error.get().map(|error| view! { <p class="field__error">{error}</p> })}
        </div>
    }
}
