//! The exporters that are scraped and how that goes; never what they say.

use common::api::scrape::{ScrapeTarget, TargetState};
use leptos::prelude::*;

use crate::api::scrape;
use crate::components::banner::{Banner, Tone};
use crate::components::explore::rhythm::every;
use crate::components::explore::tabs::{ExploreTabs, Tab};
use crate::components::explore::target_table::TargetTable;
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::reactive::memo;
use crate::state::load::{Load, Loaded};
use crate::state::page::{Crumb, name_page};

/// Seconds between two looks.
const SECONDS: u32 = 10;

/// What stands below the tabs.
#[derive(Clone, Copy, PartialEq)]
enum Below {
    Waiting,
    Nothing,
    Targets,
}

/// The scraped exporters.
#[component]
pub fn TargetsPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Explore", "/explore"), Crumb::here("Targets")]);
    let load = Load::new(scrape::targets);
    every(SECONDS, load);
    // The table stays where it is while its rows change: a link keeps the focus.
    let below = memo(move || {
        load.state().with(|state| match state.value() {
            None => Below::Waiting,
            Some(all) if all.is_empty() => Below::Nothing,
            Some(_) => Below::Targets,
        })
    });
    let stale = move || {
        load.state().with(|state| match state {
            Loaded::Stale(_, error) => Some(error.message()),
            Loaded::Loading | Loaded::Ready(_) | Loaded::Failed(_) => None,
        })
    };
    let summary = move || {
        let loaded = load.state();
        loaded.with(|loaded| loaded.value().map(|all| summary(all)))
    };
    view! {
        <div class="page">
            <header class="page__head">
                <h1>"Targets"</h1>
                <p class="muted">{summary}</p>
            </header>
            <ExploreTabs present=Tab::Targets />
            {move || {
                stale()
                    .map(|text| {
                        view! { <Banner tone=Tone::Warning>"Not read anew: " {text}</Banner> }
                    })
            }}
            {move || match below.get() {
                Below::Waiting => load_view(load, Shape::Rows(4), |_, _| ()).into_any(),
                Below::Nothing => view! { <HowToAdd /> }.into_any(),
                Below::Targets => view! { <TargetTable load /> }.into_any(),
            }}
        </div>
    }
}

/// How many there are and how many answer.
fn summary(all: &[ScrapeTarget]) -> Option<String> {
    let up = all.iter().filter(|it| it.state == TargetState::Up).count();
    (!all.is_empty()).then(|| format!("{up} of {} up", all.len()))
}

/// What to write where, so that there is a target.
#[component]
fn HowToAdd() -> impl IntoView {
    const JOB: &str = "[[scrape.jobs]]\nname = \"node\"\ntargets = [\"web-1.lan:9100\"]";
    view! {
        <section class="panel targets__none">
            <h2>"Nothing is scraped"</h2>
            <p>
                "Watchpost reads any Prometheus exporter. Add a job to the configuration file and start Watchpost anew:"
            </p>
            <pre class="targets__example values" tabindex="0">{JOB}</pre>
            <p class="muted">
                "All settings of a job, also how to reach exporters on this machine, stand in "
                <span class="values">"docs/scraping.md"</span> "."
            </p>
        </section>
    }
}
