//! The names and values of labels that are offered, read as they are wanted; never metrics.

use leptos::prelude::*;

use crate::api::prom;
use crate::pages::explore::query::context::Wanted;
use crate::reactive::memo;
use crate::state::fleet::use_fleet;
use crate::state::load::{Load, Loaded};

/// It chooses a server by its name and is among no series' labels.
const SERVER: &str = "server";

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Nothing,
    Labels(Option<String>),
    Values(Option<String>, String),
}

impl Source {
    fn of(wanted: Option<&Wanted>) -> Self {
        match wanted {
            Some(Wanted::Label { metric, .. }) => Self::Labels(metric.clone()),
            Some(Wanted::Value { metric, label }) => Self::Values(metric.clone(), label.clone()),
            Some(Wanted::Name) | None => Self::Nothing,
        }
    }
}

/// The names or values for what is wanted at the caret; empty until they are there.
pub fn names(wanted: Memo<Option<Wanted>>) -> Memo<Vec<String>> {
    let fleet = use_fleet();
    let source = memo(move || wanted.with(|it| Source::of(it.as_ref())));
    let load = Load::new(move |api| {
        let source = source.get();
        async move {
            let found = match &source {
                Source::Labels(metric) => prom::labels(api, metric.as_deref()).await?,
                Source::Values(metric, label) if label != SERVER => {
                    prom::values(api, label, metric.as_deref()).await?
                }
                Source::Nothing | Source::Values(..) => Vec::new(),
            };
            Ok((source, found))
        }
    });
    memo(move || match source.get() {
        Source::Nothing => Vec::new(),
        Source::Values(_, label) if label == SERVER => {
            let rows = fleet.rows().into_iter();
            rows.map(|row| row.status.with(|it| it.name.clone()))
                .collect()
        }
        present => {
            let mut found = load.state().with(|state| match state {
                Loaded::Ready((source, found)) if *source == present => found.clone(),
                _ => Vec::new(),
            });
            if matches!(present, Source::Labels(_)) {
                found.retain(|name| name != "__name__");
                if !found.iter().any(|name| name == SERVER) {
                    found.push(SERVER.to_owned());
                }
            }
            found
        }
    })
}
