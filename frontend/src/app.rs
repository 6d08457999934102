//! Providers and routes; never the content of a page.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::components::layout::Shell;
use crate::components::toast::{ToastCorner, Toasts};
use crate::live::Live;
use crate::pages::first_password::FirstPasswordPage;
use crate::pages::lazy::{self, LazyPage};
use crate::pages::login::LoginPage;
use crate::pages::not_found::{NotAllowedPage, NotFoundPage};
use crate::pages::overview::OverviewPage;
use crate::pages::starting::StartingPage;
use crate::places::Place;
use crate::reactive::memo;
use crate::state::alerts::ActiveAlerts;
use crate::state::fleet::Fleet;
use crate::state::inbox::Inbox;
use crate::state::page::PageTitle;
use crate::state::preferences::UserPreferences;
use crate::state::session::{Phase, Session, use_session};
use crate::state::start::open_start_page;
use crate::state::ticker::Ticker;
use crate::state::weights::Weights;

/// The whole dashboard.
#[component]
pub fn App() -> impl IntoView {
    Toasts::provide();
    PageTitle::provide();
    Ticker::provide();
    let session = Session::provide();
    Live::provide();
    // A renewed token of the same person in the same role changes nothing here.
    let phase = session.phase();
    view! {
        <Router>
            {move || match phase.get() {
                Phase::Starting { waiting } => view! { <StartingPage waiting /> }.into_any(),
                Phase::LoggedOut(ended) => view! { <LoginPage ended /> }.into_any(),
                Phase::PasswordChange(_) => view! { <FirstPasswordPage /> }.into_any(),
                Phase::LoggedIn(_) => view! { <Inside /> }.into_any(),
            }}
        </Router>
        <ToastCorner />
    }
}

/// What somebody who is logged in sees.
#[component]
fn Inside() -> impl IntoView {
    UserPreferences::provide();
    Weights::provide();
    Fleet::provide();
    ActiveAlerts::provide();
    Inbox::provide();
    open_start_page();
    view! {
        <Routes fallback=|| view! { <NotFoundPage /> }>
            <ParentRoute path=path!("") view=Shell>
                <Route path=path!("/") view=OverviewPage />
                <Route path=path!("/servers/:id") view=|| lazy::SERVER.view() />
                <Route path=path!("/alerts") view=|| lazy::ACTIVE_ALERTS.view() />
                <Route path=path!("/alerts/history") view=|| lazy::ALERT_HISTORY.view() />
                <Route path=path!("/alerts/rules") view=|| lazy::ALERT_RULES.view() />
                <Route path=path!("/alerts/rules/new") view=|| lazy::NEW_RULE.view() />
                <Route path=path!("/alerts/rules/:id") view=|| lazy::RULE.view() />
                <Route path=path!("/alerts/notifications") view=|| lazy::NOTIFICATIONS.view() />
                <Route path=path!("/alerts/settings") view=|| lazy::ALERT_SETTINGS.view() />
                <Route path=path!("/alerts/:id") view=|| lazy::ALERT.view() />
                <Route path=path!("/explore") view=|| guarded(Place::Explore, lazy::EXPLORE) />
                <Route path=path!("/explore/query") view=|| guarded(Place::Explore, lazy::QUERY) />
                <Route path=path!("/explore/targets") view=|| guarded(Place::Explore, lazy::TARGETS) />
                <Route path=path!("/explore/remote-write") view=|| guarded(Place::Explore, lazy::REMOTE_WRITE) />
                <Route path=path!("/database") view=|| guarded(Place::Database, lazy::STORAGE) />
                <Route path=path!("/database/jobs") view=|| guarded(Place::Database, lazy::JOBS) />
                <Route path=path!("/users") view=|| guarded(Place::Users, lazy::USERS) />
                <Route path=path!("/settings") view=|| lazy::SETTINGS.view() />
                <Route path=path!("/*any") view=NotFoundPage />
            </ParentRoute>
        </Routes>
    }
}

/// A page for those who may see it.
fn guarded(place: Place, page: LazyPage) -> impl IntoView {
    let session = use_session();
    let open = memo(move || place.open_to(session.role()));
    move || {
        if open.get() {
            page.view()
        } else {
            view! { <NotAllowedPage /> }.into_any()
        }
    }
}
