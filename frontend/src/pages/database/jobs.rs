//! What the server does by itself, when, and how it went; never what is stored.

use common::api::jobs::{Job, JobOutcome};
use leptos::prelude::*;

use crate::api::jobs;
use crate::components::banner::{Banner, Tone};
use crate::components::database::job_table::JobTable;
use crate::components::database::plan_dialog::PlanDialog;
use crate::components::database::tabs::{DatabaseTabs, Tab};
use crate::components::load_view::load_view;
use crate::components::page::TextPage;
use crate::components::skeleton::Shape;
use crate::reactive::{effect, memo};
use crate::state::load::{Load, Loaded};
use crate::state::page::{Crumb, name_page};
use crate::state::ticker::use_now;

/// Seconds between two looks while nothing runs.
const CALM_SECONDS: u32 = 10;

/// The scheduled jobs.
#[component]
pub fn JobsPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Database", "/database"), Crumb::here("Jobs")]);
    let load = Load::new(jobs::list);
    look_again(load);
    let planned = RwSignal::new(None::<Job>);
    // The table stays where it is while its rows change: a button keeps the focus.
    let is_there = memo(move || load.state().with(|state| state.value().is_some()));
    let stale = move || {
        load.state().with(|state| match state {
            Loaded::Stale(_, error) => Some(error.message()),
            Loaded::Loading | Loaded::Ready(_) | Loaded::Failed(_) => None,
        })
    };
    view! {
        <TextPage title="Database">
            <DatabaseTabs present=Tab::Jobs />
            {move || {
                stale()
                    .map(|text| {
                        view! { <Banner tone=Tone::Warning>"Not read anew: " {text}</Banner> }
                    })
            }}
            {move || {
                if is_there.get() {
                    view! { <JobTable load planned /> }.into_any()
                } else {
                    load_view(load, Shape::Rows(4), |_, _| ()).into_any()
                }
            }}
        </TextPage>
        {move || planned.get().map(|job| view! { <PlanDialog job planned load /> })}
    }
}

/// Reads each second while a job runs, and now and then while none does.
fn look_again(load: Load<Vec<Job>>) {
    let now = use_now();
    let seconds = StoredValue::new(0_u32);
    effect(move || {
        now.track();
        let waited = seconds.get_value() + 1;
        let runs = load.state().with_untracked(|state| {
            let jobs = state.value().into_iter().flatten();
            jobs.filter_map(|job| job.last_run.as_ref())
                .any(|run| run.outcome == JobOutcome::Running)
        });
        let is_due = runs || waited > CALM_SECONDS;
        seconds.set_value(if is_due { 0 } else { waited });
        if is_due {
            load.again();
        }
    });
}
