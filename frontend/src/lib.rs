//! The dashboard: what a person sees of Watchpost; never a second source of truth.

pub mod api;
pub mod app;
pub mod browser;
pub mod components;
pub mod format;
pub mod live;
pub mod local_time;
pub mod moments;
pub mod pages;
pub mod places;
pub mod reactive;
pub mod sorting;
pub mod state;

/// Shows the dashboard in the page.
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
