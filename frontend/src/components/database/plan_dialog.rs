//! When a job runs, as a form; never a run.

use common::api::jobs::{Job, JobPatch};
use common::problem::FieldError;
use common::schedule::Schedule;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::{ApiError, jobs, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Field, FormError, Submission, Toggle};
use crate::components::toast::use_toasts;
use crate::state::load::Load;

/// The form of a job's plan.
#[component]
pub fn PlanDialog(
    /// The job.
    job: Job,
    /// The job whose plan is being changed.
    planned: RwSignal<Option<Job>>,
    /// The list that it belongs to.
    load: Load<Vec<Job>>,
) -> impl IntoView {
    let api = use_api();
    let toasts = use_toasts();
    let form = Submission::new();
    let schedule = RwSignal::new(job.schedule.to_string());
    let enabled = RwSignal::new(job.enabled);
    let (id, name) = (job.id, job.name.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let schedule: Schedule = match schedule.with(|text| text.parse()) {
            Ok(schedule) => schedule,
            Err(error) => return form.refuse(refused(&error.to_string())),
        };
        let patch = JobPatch {
            schedule: Some(schedule),
            enabled: Some(enabled.get()),
        };
        form.send(jobs::change(api, id, patch), move |changed| {
            load.amend(|jobs| {
                if let Some(job) = jobs.iter_mut().find(|job| job.id == id) {
                    *job = changed;
                }
            });
            toasts.done("The plan counts from now on.");
            planned.set(None);
        });
    };
    view! {
        <Dialog title=format!("When {name} runs") on_close=move |()| planned.set(None)>
            <p class="muted">{job.description}</p>
            <form class="form" on:submit=submit>
                <Field
                    id="schedule"
                    label="When (UTC)"
                    value=schedule
                    hint="every 5m (10s to 30d), daily 03:30 or weekly sunday 04:00"
                    error=form.field("schedule")
                    first=true
                />
                <Toggle id="enabled" label="Runs by itself" value=enabled />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| planned.set(None)>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        "Save"
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}

/// The schedule is none.
fn refused(why: &str) -> ApiError {
    ApiError::Invalid {
        detail: String::new(),
        fields: vec![FieldError::new("schedule", why)],
    }
}
