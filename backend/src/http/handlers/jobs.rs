//! Scheduled jobs: their plans and runs; never what they do.

use actix_web::{HttpResponse, Responder, web};
use common::api::jobs::{Job, JobPatch, RunJob};
use common::api::list::Page;
use common::ids::JobId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, OptionalBody, PathId, Tagged};
use crate::http::problem::Problem;

/// The scheduled jobs, all on one page.
#[utoipa::path(
    get, path = "/api/v1/jobs", tag = "jobs",
    responses((status = 200, description = "All jobs", body = Page<Job>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    allowed: Allowed<may::DatabaseManage>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(Page::whole(app.jobs.all(&allowed).await?)))
}

/// Change when a job runs, or whether it runs by itself.
#[utoipa::path(
    patch, path = "/api/v1/jobs/{id}", tag = "jobs", request_body = JobPatch,
    params(
        ("id" = JobId, Path, description = "The job"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As changed", body = Job, headers(("ETag" = String))))
)]
pub(crate) async fn change(
    app: web::Data<App>,
    allowed: Allowed<may::DatabaseManage>,
    id: PathId<JobId>,
    seen: IfMatch,
    body: Body<JobPatch>,
) -> Result<impl Responder, Problem> {
    let (job, version) = app.jobs.change(&allowed, id.0, body.0, seen.0).await?;
    Ok(Tagged(job, version))
}

/// Run a job now. While it runs already, that is the run.
#[utoipa::path(
    post, path = "/api/v1/jobs/{id}/run", tag = "jobs", request_body = Option<RunJob>,
    params(("id" = JobId, Path, description = "The job")),
    responses((status = 202, description = "It runs, or will in a moment", body = Job))
)]
pub(crate) async fn run(
    app: web::Data<App>,
    allowed: Allowed<may::DatabaseManage>,
    id: PathId<JobId>,
    body: OptionalBody<RunJob>,
) -> Result<impl Responder, Problem> {
    let job = app.jobs.run(&allowed, id.0, body.0).await?;
    Ok(HttpResponse::Accepted().json(job))
}
