//! The tabs above every page around alerts; never their content.

use leptos::prelude::*;

use crate::state::alerts::use_alerts;

/// A tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// What fires now.
    Active,
    /// What fired.
    History,
    /// When something fires.
    Rules,
    /// How people are told.
    Notifications,
    /// What holds alerts back, and who is told.
    Settings,
}

impl Tab {
    const ALL: [Self; 5] = [
        Self::Active,
        Self::History,
        Self::Rules,
        Self::Notifications,
        Self::Settings,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Active => "/alerts",
            Self::History => "/alerts/history",
            Self::Rules => "/alerts/rules",
            Self::Notifications => "/alerts/notifications",
            Self::Settings => "/alerts/settings",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::History => "History",
            Self::Rules => "Rules",
            Self::Notifications => "Notifications",
            Self::Settings => "Settings",
        }
    }
}

/// The tabs, with the present one marked.
#[component]
pub fn AlertTabs(
    /// The present one; `None` on a page below them.
    #[prop(into)]
    present: Option<Tab>,
    /// Buttons at the right end.
    #[prop(optional, into)]
    aside: ViewFn,
) -> impl IntoView {
    let counts = use_alerts();
    let active = move || {
        let counts = counts.counts();
        let all = counts.warning + counts.critical;
        (all > 0).then(|| view! { <span class="tabs__count">{all}</span> })
    };
    view! {
        <div class="tabs">
            <nav aria-label="Alerts">
                <ul class="tabs__list">
                    {Tab::ALL
                        .into_iter()
                        .map(|tab| {
                            let is_here = present == Some(tab);
                            view! {
                                <li>
                                    <a
                                        class="tabs__tab"
                                        href=tab.path()
                                        aria-current=is_here.then_some("page")
                                    >
                                        {tab.label()}
                                        {(tab == Tab::Active).then_some(active)}
                                    </a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </nav>
            <div class="tabs__aside">{move || aside.run()}</div>
        </div>
    }
}
