//! What of the fleet is shown, as the address says; never kept anywhere else.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;

use super::order::Sort;

/// Sort and group, read from and written to the address.
#[derive(Clone, Copy)]
pub struct OverviewView {
    sort: Memo<Option<String>>,
    set_sort: SignalSetter<Option<String>>,
    group: Memo<Option<String>>,
    set_group: SignalSetter<Option<String>>,
}

impl OverviewView {
    /// Reads the address of the page.
    pub fn from_address() -> Self {
        let options = || NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        let (sort, set_sort) = query_signal_with_options("sort", options());
        let (group, set_group) = query_signal_with_options("group", options());
        Self {
            sort,
            set_sort,
            group,
            set_group,
        }
    }

    /// The order of the servers.
    pub fn sort(self) -> Sort {
        self.sort.with(|sort| Sort::from_name(sort.as_deref()))
    }

    /// Asks for another order.
    pub fn ask_sort(self, sort: Sort) {
        self.set_sort
            .set((sort != Sort::default()).then(|| sort.name().into()));
    }

    /// The group whose servers are shown; `None`: all.
    pub fn group(self) -> Option<String> {
        self.group.get()
    }

    /// Asks for another group.
    pub fn ask_group(self, group: Option<String>) {
        self.set_group.set(group);
    }
}
