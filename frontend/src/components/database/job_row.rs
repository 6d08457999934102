//! One job: its plan, its last run and what may be done with it; never a list of them.

use common::api::jobs::{Job, JobOutcome, JobRun, RunJob};
use common::ids::JobId;
use common::time::UnixMs;
use leptos::prelude::*;

use crate::api::{jobs, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::format::{NOTHING, age, span, took};
use crate::moments::Style;
use crate::reactive::{memo, spawn};
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::ticker::use_now;

/// One job.
#[component]
pub fn JobRow(
    /// Which.
    id: JobId,
    /// All jobs.
    load: Load<Vec<Job>>,
    /// The job whose plan is being changed.
    planned: RwSignal<Option<Job>>,
) -> impl IntoView {
    let job = memo(move || {
        let jobs = load.state();
        jobs.with(|state| state.value()?.iter().find(|job| job.id == id).cloned())
    });
    let run = memo(move || job.get().and_then(|job| job.last_run));
    let name = job.get_untracked().map(|job| (job.name, job.description));
    let (name, description) = name.unwrap_or_default();
    let named = name.clone();
    let plan = move || {
        job.get().map(|job| {
            let schedule = job.schedule.to_string();
            view! {
                <span class=("muted", !job.enabled)>{schedule}</span>
                {(!job.enabled).then(|| view! { <span class="tag tag--after">"off"</span> })}
            }
        })
    };
    view! {
        <tr class="job">
            <td>
                <span>
                    <span class="table__name">{name.clone()}</span>
                    <span class="job__what muted">{description}</span>
                </span>
            </td>
            <td data-label="When (UTC)"><span>{plan}</span></td>
            <td data-label="Last run">
                <LastRun run />
            </td>
            <td data-label="Next run" class="muted job__next">
                <NextRun at=memo(move || job.get().and_then(|job| job.next_run_at)) />
            </td>
            <td class="table__actions">
                <Button kind=ButtonKind::Quiet on_press=move |_| planned.set(job.get_untracked())>
                    "Change"
                    <span class="unseen">" when " {name.clone()} " runs"</span>
                </Button>
                <RunNow id name=named run load />
            </td>
        </tr>
    }
}

/// Whether it went well, in a word and with an icon.
const fn outcome_word(outcome: JobOutcome) -> (&'static str, Icon, &'static str) {
    match outcome {
        JobOutcome::Running => ("status", Icon::Refresh, "Running"),
        JobOutcome::Done => ("status status--ok", Icon::Healthy, "Done"),
        JobOutcome::Waiting => ("status status--warning", Icon::Alert, "Waits for you"),
        JobOutcome::Failed => ("status status--critical", Icon::Critical, "Failed"),
        JobOutcome::Interrupted => ("status status--unknown", Icon::Unknown, "Interrupted"),
    }
}

#[component]
fn LastRun(run: Memo<Option<JobRun>>) -> impl IntoView {
    let now = use_now();
    let preferences = use_preferences();
    move || {
        let Some(run) = run.get() else {
            return view! { <span class="muted">"never"</span> }.into_any();
        };
        let (class, icon, word) = outcome_word(run.outcome);
        let at = run.started_at;
        let took = run.duration_seconds.map(took);
        view! {
            <div class="job__run">
                <p class="job__line">
                    <span class=class>{icon.small()} {word}</span>
                    <time
                        class="muted"
                        datetime=at.to_rfc3339()
                        title=move || preferences.moment(at, Style::DayAndTime)
                    >
                        {move || age(now.get().since_ms(at))}
                    </time>
                    {took.map(|took| view! { <span class="muted">"took " {took}</span> })}
                </p>
                <p class="job__what muted">{run.result}</p>
            </div>
        }
        .into_any()
    }
}

#[component]
fn NextRun(at: Memo<Option<UnixMs>>) -> impl IntoView {
    let now = use_now();
    let preferences = use_preferences();
    move || {
        at.get().map_or_else(
            || view! { <span>{NOTHING}</span> }.into_any(),
            |at| {
                let text = move || match at.since_ms(now.get()) {
                    ..1_000 => "now".to_owned(),
                    left => format!("in {}", span(left)),
                };
                view! {
                    <time
                        datetime=at.to_rfc3339()
                        title=move || preferences.moment(at, Style::DayAndTime)
                    >
                        {text}
                    </time>
                }
                .into_any()
            },
        )
    }
}

/// The button that runs a job; one that waits for a person is confirmed by it.
#[component]
fn RunNow(
    id: JobId,
    name: String,
    run: Memo<Option<JobRun>>,
    load: Load<Vec<Job>>,
) -> impl IntoView {
    let api = use_api();
    let toasts = use_toasts();
    let outcome = memo(move || run.with(|run| run.as_ref().map(|run| run.outcome)));
    let (busy, set_busy) = signal(false);
    let confirm = move || outcome.get() == Some(JobOutcome::Waiting);
    let press = move |_| {
        set_busy.set(true);
        let confirm = outcome.get_untracked() == Some(JobOutcome::Waiting);
        spawn(async move {
            match jobs::run(api, id, RunJob { confirm }).await {
                Ok(_) => load.again(),
                Err(error) => toasts.failed("The job does not run.", &error),
            }
            set_busy.try_set(false);
        });
    };
    let is_busy = move || busy.get() || outcome.get() == Some(JobOutcome::Running);
    view! {
        <Button busy=Signal::derive(is_busy) on_press=press>
            {move || if confirm() { "Confirm and run" } else { "Run now" }}
            <span class="unseen">": " {name}</span>
        </Button>
    }
}
