//! What the explorer shows, as the address says it; never kept anywhere else.

use common::api::metrics::Aggregation;
use common::ids::ServerId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::pages::explore::address::{Address, Span};
use crate::pages::explore::series::Mark;
use crate::reactive::memo;

/// Goes to an address; with `true` in the place of the present one.
type Go = Box<dyn Fn(&Address, bool)>;

/// The address, read and written.
#[derive(Clone, Copy)]
pub struct Asked {
    address: Memo<Address>,
    go: StoredValue<Go, LocalStorage>,
}

impl Asked {
    /// Reads the address of the page.
    pub fn from_address() -> Self {
        let query = use_query_map();
        let navigate = use_navigate();
        let go: Go = Box::new(move |next, replace| {
            let options = NavigateOptions {
                replace,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&next.write(), options);
        });
        Self {
            address: memo(move || query.with(|query| Address::read(|name| query.get(name)))),
            go: StoredValue::new_local(go),
        }
    }

    /// All of it.
    pub fn address(self) -> Memo<Address> {
        self.address
    }

    /// The metric; `None` while none is chosen.
    pub fn metric(self) -> Option<String> {
        self.address.with(|it| it.metric.clone())
    }

    /// How much of the past is shown.
    pub fn range(self) -> Span {
        self.address.with(|it| it.range)
    }

    /// The server; `None`: all of them.
    pub fn server(self) -> Option<ServerId> {
        self.address.with(|it| it.server)
    }

    /// What a point says about its samples; `None`: the lowest and the highest are drawn.
    pub fn agg(self) -> Option<Aggregation> {
        self.address.with(|it| it.agg)
    }

    /// The series that were ticked.
    pub fn picked(self) -> Vec<Mark> {
        self.address.with(|it| it.picked.clone())
    }

    /// Asks for something else: a step that "back" undoes.
    pub fn change(self, edit: impl FnOnce(&mut Address)) {
        self.write(edit, false);
    }

    /// Asks for other series: too small a step to go back to.
    pub fn pick(self, picked: Vec<Mark>) {
        self.write(|next| next.picked = picked, true);
    }

    fn write(self, edit: impl FnOnce(&mut Address), replace: bool) {
        let before = self.address.get_untracked();
        let mut next = before.clone();
        edit(&mut next);
        if next != before {
            self.go.with_value(|go| go(&next, replace));
        }
    }
}
