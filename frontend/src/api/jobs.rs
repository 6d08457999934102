//! Scheduled jobs; never what they work on.

use common::api::jobs::{Job, JobPatch, RunJob};
use common::api::list::Page;
use common::ids::JobId;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// All jobs.
pub async fn list(api: Api) -> Result<Vec<Job>, ApiError> {
    let page: Page<Job> = api.get("/jobs").await?;
    Ok(page.items)
}

/// Changes a job's plan.
pub async fn change(api: Api, id: JobId, patch: JobPatch) -> Result<Job, ApiError> {
    api.send(Method::PATCH, &format!("/jobs/{id}"), &patch)
        .await
}

/// Has a job run now.
pub async fn run(api: Api, id: JobId, run: RunJob) -> Result<Job, ApiError> {
    api.send(Method::POST, &format!("/jobs/{id}/run"), &run)
        .await
}
