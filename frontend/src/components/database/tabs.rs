//! The tabs above the pages around the databases; never their content.

use leptos::prelude::*;

/// A tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// What is stored.
    Storage,
    /// What the server does by itself.
    Jobs,
}

impl Tab {
    const ALL: [Self; 2] = [Self::Storage, Self::Jobs];

    const fn path(self) -> &'static str {
        match self {
            Self::Storage => "/database",
            Self::Jobs => "/database/jobs",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Storage => "Storage",
            Self::Jobs => "Jobs",
        }
    }
}

/// The tabs, with the present one marked.
#[component]
pub fn DatabaseTabs(
    /// The present one.
    present: Tab,
) -> impl IntoView {
    let tab = move |tab: Tab| {
        let here = (present == tab).then_some("page");
        view! {
            <li>
                <a class="tabs__tab" href=tab.path() aria-current=here>
                    {tab.label()}
                </a>
            </li>
        }
    };
    view! {
        <nav class="tabs" aria-label="Database">
            <ul class="tabs__list">{Tab::ALL.into_iter().map(tab).collect_view()}</ul>
        </nav>
    }
}
