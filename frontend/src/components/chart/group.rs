//! What all charts of a page share: the stretch of time, the cross-hair, the theme; never their data.

use common::chart::{ChartTheme, TimeWindow};
use common::time::UnixMs;
use leptos::prelude::*;

use super::theme::watch_theme;
use super::view::View;
use crate::browser;
use crate::reactive::memo;

/// The charts of a page.
#[derive(Clone, Copy)]
pub struct ChartGroup {
    view: RwSignal<View>,
    home: RwSignal<View>,
    newest: RwSignal<UnixMs>,
    window: Memo<TimeWindow>,
    hover: RwSignal<Option<UnixMs>>,
    pinned: RwSignal<Option<UnixMs>>,
    marked: RwSignal<Option<(UnixMs, UnixMs)>>,
    visible: RwSignal<bool>,
    theme: ReadSignal<ChartTheme>,
}

impl ChartGroup {
    /// Makes a group known to all components below; it shows `home` until a person zooms.
    pub fn provide(home: View) -> Self {
        let view = RwSignal::new(home);
        let newest = RwSignal::new(browser::now());
        let visible = RwSignal::new(!document().hidden());
        let group = Self {
            view,
            home: RwSignal::new(home),
            newest,
            window: memo(move || view.get().window(newest.get())),
            hover: RwSignal::new(None),
            pinned: RwSignal::new(None),
            marked: RwSignal::new(None),
            visible,
            theme: watch_theme(),
        };
        provide_context(group);
        // Bubbles from the document.
        let listener = window_event_listener_untyped("visibilitychange", move |_| {
            visible.try_set(!document().hidden());
        });
        on_cleanup(move || listener.remove());
        group
    }

    /// The stretch of time that is shown.
    pub fn window(self) -> Memo<TimeWindow> {
        self.window
    }

    /// What is looked at: the last minutes, or a fixed stretch.
    pub fn view(self) -> ReadSignal<View> {
        self.view.read_only()
    }

    /// Looks at something else.
    pub fn show(self, view: View) {
        if self.view.get_untracked() != view {
            self.view.set(view);
        }
    }

    /// Looks at `home`, also when a person returns from a zoom.
    pub fn go_home_to(self, home: View) {
        self.home.set(home);
        self.show(home);
    }

    /// Ends a zoom.
    pub fn go_home(self) {
        self.show(self.home.get_untracked());
    }

    /// Zooms around a moment; below 1 closer.
    pub fn zoom(self, centre: UnixMs, factor: f64) {
        let newest = self.newest.get_untracked();
        self.show(self.view.get_untracked().zoomed(newest, centre, factor));
    }

    /// Moves in time.
    pub fn pan(self, ms: i64) {
        let newest = self.newest.get_untracked();
        self.show(self.view.get_untracked().moved(newest, ms));
    }

    /// The moment of the newest reading: the right edge of a live view.
    pub fn newest(self) -> ReadSignal<UnixMs> {
        self.newest.read_only()
    }

    /// A newer reading came.
    pub fn advance(self, newest: UnixMs) {
        if self.newest.get_untracked() != newest {
            self.newest.set(newest);
        }
    }

    /// The moment under the cross-hair: under the pointer, else the pinned one.
    pub fn cursor(self) -> Option<UnixMs> {
        self.hover.get().or_else(|| self.pinned.get())
    }

    /// The pointer is over a moment, or over none.
    pub fn hover(self, at: Option<UnixMs>) {
        if self.hover.get_untracked() != at {
            self.hover.set(at);
        }
    }

    /// The moment that a person chose by click or key.
    pub fn pinned(self) -> ReadSignal<Option<UnixMs>> {
        self.pinned.read_only()
    }

    /// Keeps the cross-hair at a moment, or lets it go.
    pub fn pin(self, at: Option<UnixMs>) {
        if self.pinned.get_untracked() != at {
            self.pinned.set(at);
        }
    }

    /// The stretch that is being marked with the pointer.
    pub(super) fn marked(self) -> RwSignal<Option<(UnixMs, UnixMs)>> {
        self.marked
    }

    /// Whether the tab is in sight; nothing is drawn while it is not.
    pub(super) fn visible(self) -> bool {
        self.visible.get()
    }

    /// The colours.
    pub(super) fn theme(self) -> ReadSignal<ChartTheme> {
        self.theme
    }
}

/// The charts of this page.
pub fn use_charts() -> ChartGroup {
    expect_context()
}
