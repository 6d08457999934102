//! Title and breadcrumb of the page that is shown; never its content.

use leptos::prelude::*;

use crate::reactive::effect;

/// One step of the way to the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Its address; `None` for the page itself.
    pub path: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    pub fn to(label: &str, path: &str) -> Self {
        Self {
            label: label.into(),
            path: Some(path.into()),
        }
    }

    /// The page itself.
    pub fn here(label: &str) -> Self {
        Self {
            label: label.into(),
            path: None,
        }
    }
}

/// The breadcrumb that the top bar shows.
#[derive(Clone, Copy)]
pub struct PageTitle(RwSignal<Vec<Crumb>>);

impl PageTitle {
    /// Makes it known to all components.
    pub fn provide() {
        provide_context(Self(RwSignal::new(Vec::new())));
    }

    /// The way to the page.
    pub fn crumbs(self) -> Vec<Crumb> {
        self.0.get()
    }
}

/// Names the page: a component of a page calls it with the way to itself, its own name last.
/// Signals that the closure reads rename the page when they change.
pub fn name_page(crumbs: impl Fn() -> Vec<Crumb> + 'static) {
    let title = expect_context::<PageTitle>();
    effect(move || {
        title.0.set(crumbs());
    });
}

/// The breadcrumb of the page that is shown.
pub fn use_page_title() -> PageTitle {
    expect_context()
}
