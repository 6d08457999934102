//! The parts of the page about notifications, chosen by the address; never their content.

use common::access::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::reactive::memo;
use crate::state::session::{Session, use_session};

/// The address of the page.
pub const PATH: &str = "/alerts/notifications";

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Where messages go.
    Channels,
    /// What went where.
    Log,
    /// What messages say.
    Templates,
    /// The browsers that are told.
    Browsers,
}

impl Part {
    /// Every part, in the order that they are offered in.
    pub const ALL: [Self; 4] = [Self::Channels, Self::Log, Self::Templates, Self::Browsers];

    /// The part that the parameter `view` of an address names; the channels for any other.
    pub fn of(view: Option<&str>) -> Self {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|part| view == Some(part.name()));
        found.unwrap_or(Self::Channels)
    }

    /// Its address.
    pub fn path(self) -> String {
        match self {
            Self::Channels => PATH.to_owned(),
            other => format!("{PATH}?view={}", other.name()),
        }
    }

    /// Its name on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Channels => "Channels",
            Self::Log => "Delivery log",
            Self::Templates => "Templates",
            Self::Browsers => "Browsers",
        }
    }

    /// Everybody has browsers; the rest is for who may know of channels.
    fn is_open(self, session: Session) -> bool {
        self == Self::Browsers || session.may(Permission::NotificationsRead)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Channels => "channels",
            Self::Log => "log",
            Self::Templates => "templates",
            Self::Browsers => "browsers",
        }
    }
}

/// The part that the address names, or that is open to the person.
pub fn use_part() -> Memo<Part> {
    let (query, session) = (use_query_map(), use_session());
    memo(move || {
        let asked = query.with(|query| Part::of(query.get("view").as_deref()));
        if asked.is_open(session) {
            asked
        } else {
            Part::Browsers
        }
    })
}

/// The parts, with the present one marked.
#[component]
pub fn Parts() -> impl IntoView {
    let (present, session) = (use_part(), use_session());
    let one = move |part: Part| {
        let here = move || (present.get() == part).then_some("page");
        view! {
            <li>
                <a class="views__one" href=part.path() aria-current=here>
                    {part.label()}
                </a>
            </li>
        }
    };
    let each = move || {
        let open = Part::ALL.into_iter().filter(|part| part.is_open(session));
        open.map(one).collect_view()
    };
    view! {
        <nav aria-label="Notifications">
            <ul class="views">{each}</ul>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn an_address_names_a_part() {
        for part in Part::ALL {
            let path = part.path();
            let view = path.split_once("?view=").map(|(_, view)| view);
            assert_eq!(Part::of(view), part, "{path}");
        }
        assert_eq!(Part::of(Some("x")), Part::Channels);
    }
}
