//! The jobs as a table whose rows stay while what they show changes; never one row's content.

use common::api::jobs::Job;
use leptos::prelude::*;

use super::job_row::JobRow;
use crate::reactive::memo;
use crate::state::load::Load;

/// One row a job.
#[component]
pub fn JobTable(
    /// The jobs.
    load: Load<Vec<Job>>,
    /// The job whose plan is being changed.
    planned: RwSignal<Option<Job>>,
) -> impl IntoView {
    let ids = memo(move || {
        let of = |jobs: &Vec<Job>| jobs.iter().map(|job| job.id).collect();
        load.state()
            .with(|state| state.value().map_or_else(Vec::new, of))
    });
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards">
                <caption class="unseen">"What the server does by itself"</caption>
                <thead>
                    <tr>
                        <th>"Job"</th>
                        <th>"When (UTC)"</th>
                        <th>"Last run"</th>
                        <th>"Next run"</th>
                        <th>
                            <span class="unseen">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || ids.get() key=|id| *id let:id>
                        <JobRow id load planned />
                    </For>
                </tbody>
            </table>
        </div>
    }
}
