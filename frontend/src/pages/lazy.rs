//! Pages that a browser loads when they are first opened, in five pieces; never what every visit needs.

use std::future::Future;
use std::pin::Pin;

use futures_util::FutureExt as _;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::components::load_view::Failed;
use crate::components::skeleton::{Shape, Skeleton};
use crate::pages::{alerts, database, explore, server, settings, users};
use crate::reactive::spawn;

/// A piece or what it shows, once it is there.
type Loading<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A page in a piece of its own.
#[derive(Clone, Copy)]
pub struct LazyPage {
    load: fn() -> Loading<()>,
    show: fn() -> Loading<AnyView>,
}

/// How far the piece of a page is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    OnTheWay,
    There,
    Failed,
}

impl LazyPage {
    /// The page, or what stands for it until its piece is there.
    pub fn view(self) -> AnyView {
        let piece = RwSignal::new(Piece::OnTheWay);
        let load = move || {
            piece.set(Piece::OnTheWay);
            spawn(async move {
                let loaded = (self.load)().await.is_ok();
                piece.set(if loaded { Piece::There } else { Piece::Failed });
            });
        };
        load();
        let view = move || match piece.get() {
            Piece::OnTheWay => view! { <Skeleton shape=Shape::Panel /> }.into_any(),
            // Made here and not in the task: its signals belong to this place.
            Piece::There => match (self.show)().now_or_never() {
                Some(Ok(page)) => page,
                _ => failed(load),
            },
            Piece::Failed => failed(load),
        };
        view.into_any()
    }
}

fn failed(load: impl Fn() + Send + Sync + 'static) -> AnyView {
    let text = "A part of the dashboard did not arrive.";
    view! { <Failed text on_retry=move |()| load() /> }.into_any()
}

macro_rules! lazy_pages {
    ($($page:ident = $component:path, in $piece:ident by $load:ident as $show:ident;)+) => {$(
        #[doc = concat!("`", stringify!($component), "`, in the piece `", stringify!($piece), "`.")]
        pub const $page: LazyPage = LazyPage {
            load: || Box::pin($load()),
            show: || Box::pin($show()),
        };

        #[wasm_split($piece, wasm_split_path = leptos::wasm_split, fallible, preload($load))]
        fn $show() -> Result<AnyView, SplitLoaderError> {
            Ok($component().into_any())
        }
    )+};
}

lazy_pages! {
    SERVER = server::ServerPage, in server by load_server as show_server;
    ACTIVE_ALERTS = alerts::ActiveAlertsPage, in alerts by load_active as show_active;
    ALERT_HISTORY = alerts::AlertHistoryPage, in alerts by load_history as show_history;
    ALERT = alerts::AlertPage, in alerts by load_alert as show_alert;
    ALERT_RULES = alerts::AlertRulesPage, in alerts by load_rules as show_rules;
    NOTIFICATIONS = alerts::NotificationsPage, in alerts by load_notifications as show_notifications;
    ALERT_SETTINGS = alerts::AlertSettingsPage, in alerts by load_alert_settings as show_alert_settings;
    NEW_RULE = alerts::NewRulePage, in alerts by load_new_rule as show_new_rule;
    RULE = alerts::RulePage, in alerts by load_rule as show_rule;
    EXPLORE = explore::ExplorePage, in metrics by load_explore as show_explore;
    QUERY = explore::QueryPage, in metrics by load_query as show_query;
    REMOTE_WRITE = explore::RemoteWritePage, in metrics by load_remote_write as show_remote_write;
    TARGETS = explore::TargetsPage, in metrics by load_targets as show_targets;
    STORAGE = database::StoragePage, in database by load_storage as show_storage;
    JOBS = database::JobsPage, in database by load_jobs as show_jobs;
    USERS = users::UsersPage, in people by load_users as show_users;
    SETTINGS = settings::SettingsPage, in people by load_settings as show_settings;
}
