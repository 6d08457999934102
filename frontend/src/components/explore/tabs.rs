//! The tabs above the pages of the explorer; never their content.

use leptos::prelude::*;

/// A tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Any metric on a chart.
    Metrics,
    /// Questions in `PromQL`.
    Query,
    /// Exporters that are scraped.
    Targets,
    /// Receivers of what is stored.
    RemoteWrite,
}

impl Tab {
    const ALL: [Self; 4] = [Self::Metrics, Self::Query, Self::Targets, Self::RemoteWrite];

    const fn path(self) -> &'static str {
        match self {
            Self::Metrics => "/explore",
            Self::Query => "/explore/query",
            Self::Targets => "/explore/targets",
            Self::RemoteWrite => "/explore/remote-write",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Metrics => "Metrics",
            Self::Query => "Query",
            Self::Targets => "Targets",
            Self::RemoteWrite => "Remote write",
        }
    }
}

/// The tabs, with the present one marked.
#[component]
pub fn ExploreTabs(
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
        <nav class="tabs" aria-label="Explore">
            <ul class="tabs__list">{Tab::ALL.into_iter().map(tab).collect_view()}</ul>
        </nav>
    }
}
