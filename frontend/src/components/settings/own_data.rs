//! What is kept about oneself: as a file, and by what one wanted to be told; never about others.

use common::api::personal_data::Consent;
use leptos::prelude::*;

use crate::api::telling;
use crate::components::file_save::FileSave;
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;

/// The file, and the consents.
#[component]
pub fn OwnData() -> impl IntoView {
    let load = Load::new(telling::consents);
    view! {
        <div class="form">
        <p class="muted">
            "Your login, settings, sessions, keys, browsers, inbox, what you did with alerts and by what you wanted to be told, as one file."
        </p>
        <p>
            <FileSave word="Save my data" read=telling::own_data />
        </p>
        {load_view(load, Shape::Rows(2), |consents, _| view! { <Consents consents /> })}
        </div>
    }
}

#[component]
fn Consents(consents: Vec<Consent>) -> impl IntoView {
    if consents.is_empty() {
        return view! { <p class="muted">"No channel and no browser was asked to tell you yet."</p> }
            .into_any();
    }
    let row = |it: Consent| {
        let preferences = use_preferences();
        let moment = move |at| move || preferences.moment(at, Style::DayAndTime);
        view! {
            <li class="sessions__entry">
                <div class="sessions__what">
                    <p>{it.name}</p>
                    <p class="muted">
                        "Asked for "
                        <time datetime=it.given_at.to_rfc3339()>{moment(it.given_at)}</time>
                        {it
                            .withdrawn_at
                            .map(|at| {
                                view! {
                                    " · ended "
                                    <time datetime=at.to_rfc3339()>{moment(at)}</time>
                                }
                            })}
                    </p>
                </div>
            </li>
        }
    };
    view! {
        <div>
            <h3 class="field__label">"What you asked to be told by"</h3>
            <ul class="sessions">{consents.into_iter().map(row).collect_view()}</ul>
        </div>
    }
    .into_any()
}
