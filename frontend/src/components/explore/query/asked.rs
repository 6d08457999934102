//! What the query page asks, as the address says it; never kept anywhere else.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::pages::explore::address::Span;
use crate::pages::explore::query::address::QueryAddress;
use crate::reactive::memo;

/// Goes to an address.
type Go = Box<dyn Fn(&QueryAddress)>;

/// The address, read and written.
#[derive(Clone, Copy)]
pub struct Question {
    address: Memo<QueryAddress>,
    again: RwSignal<u32>,
    go: StoredValue<Go, LocalStorage>,
}

impl Question {
    /// Reads the address of the page.
    pub fn from_address() -> Self {
        let query = use_query_map();
        let navigate = use_navigate();
        let go: Go = Box::new(move |next| {
            let options = NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&next.write(), options);
        });
        Self {
            address: memo(move || query.with(|query| QueryAddress::read(|name| query.get(name)))),
            again: RwSignal::new(0),
            go: StoredValue::new_local(go),
        }
    }

    /// The expression; empty: none was asked.
    pub fn text(self) -> String {
        self.address.with(|it| it.text.clone())
    }

    /// How much of the past is drawn.
    pub fn range(self) -> Span {
        self.address.with(|it| it.range)
    }

    /// Counts how often the same was asked again.
    pub fn again(self) -> ReadSignal<u32> {
        self.again.read_only()
    }

    /// Asks an expression: a step that "back" undoes, or the same anew.
    pub fn ask(self, text: &str) {
        let before = self.address.get_untracked();
        let next = QueryAddress {
            text: text.trim().to_owned(),
            ..before.clone()
        };
        if next == before {
            self.again.update(|count| *count = count.wrapping_add(1));
        } else {
            self.go.with_value(|go| go(&next));
        }
    }

    /// Draws another stretch of the past.
    pub fn show(self, range: Span) {
        let before = self.address.get_untracked();
        if before.range != range {
            self.go
                .with_value(|go| go(&QueryAddress { range, ..before }));
        }
    }
}
