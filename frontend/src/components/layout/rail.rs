//! The navigation: a rail at the left, a bar at the bottom of a phone; never a page that one may not see.

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

use crate::places::Place;
use crate::state::session::use_session;

/// The navigation.
#[component]
pub fn Rail() -> impl IntoView {
    let session = use_session();
    let path = use_location().pathname;
    let open_places = move || {
        let role = session.role();
        Place::ALL
            .into_iter()
            .filter(|place| place.open_to(role))
            .collect::<Vec<_>>()
    };
    view! {
        <nav class="rail" aria-label="Main">
            <A href="/" attr:class="rail__logo" attr:aria-label="Watchpost: overview">
                <Logo />
            </A>
            <ul class="rail__list">
                <For each=open_places key=|place| place.path() let:place>
                    <li class="rail__item" class:rail__item--last=place == Place::Settings>
                        <RailLink place path=path />
                    </li>
                </For>
            </ul>
        </nav>
    }
}

#[component]
fn RailLink(place: Place, path: Memo<String>) -> impl IntoView {
    let here = move || path.with(|path| place.holds(path));
    view! {
        <a
            class="rail__link"
            href=place.path()
            title=place.label()
            aria-current=move || here().then_some("page")
        >
            {place.icon().view()}
            <span class="rail__label">{place.label()}</span>
        </a>
    }
}

/// The product's mark.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="icon logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M12 2.5l8.2 4.75v9.5L12 21.5l-8.2-4.75v-9.5zM6.5 12.5h2.6l1.7-3.6 2.6 6 1.7-2.4h2.4" />
        </svg>
    }
}
