//! Escalation policies; never whom one tells now.

use actix_web::{HttpResponse, Responder, web};
use common::alert::{Policy, PolicyInput};
use common::api::list::Page;
use common::ids::PolicyId;
use uuid::Uuid;

use crate::alerts::noise::Kept;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;

/// The escalation policies, the youngest first.
#[utoipa::path(
    get, path = "/api/v1/alerts/escalation-policies", tag = "alerts", params(PageParameters),
    responses((status = 200, description = "A page of escalation policies", body = Page<Policy>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let after = paging.after::<Uuid>()?;
    let kept = app.book.page(&may, after, paging.fetch()).await?;
    let views: Vec<Policy> = kept.into_iter().map(view).collect();
    Ok(web::Json(paging.page(views, |one| one.id.0)))
}

/// Add an escalation policy.
#[utoipa::path(
    post, path = "/api/v1/alerts/escalation-policies", tag = "alerts", request_body = PolicyInput,
    responses((status = 201, description = "Added", body = Policy, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    body: Body<PolicyInput>,
) -> Result<impl Responder, Problem> {
    let added = view(app.book.create(&may, body.0).await?);
    let location = format!("/api/v1/alerts/escalation-policies/{}", added.id);
    Ok(Tagged::kept(added.version, added).added(&location))
}

/// One escalation policy.
#[utoipa::path(
    get, path = "/api/v1/alerts/escalation-policies/{id}", tag = "alerts",
    params(("id" = PolicyId, Path, description = "The escalation policy")),
    responses((status = 200, description = "The escalation policy", body = Policy, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<PolicyId>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.get(&may, id.0.0).await?;
    Ok(Tagged::kept(kept.version, view(kept)))
}

/// Replace an escalation policy.
#[utoipa::path(
    put, path = "/api/v1/alerts/escalation-policies/{id}", tag = "alerts", request_body = PolicyInput,
    params(
        ("id" = PolicyId, Path, description = "The escalation policy"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = Policy, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<PolicyId>,
    seen: IfMatch,
    body: Body<PolicyInput>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.replace(&may, id.0.0, body.0, seen.0).await?;
    Ok(Tagged::kept(kept.version, view(kept)))
}

/// Remove an escalation policy.
#[utoipa::path(
    delete, path = "/api/v1/alerts/escalation-policies/{id}", tag = "alerts",
    params(
        ("id" = PolicyId, Path, description = "The escalation policy"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<PolicyId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.book.delete::<PolicyInput>(&may, id.0.0, seen.0).await?;
    Ok(HttpResponse::NoContent())
}

fn view(kept: Kept<PolicyInput>) -> Policy {
    Policy {
        id: PolicyId(kept.id),
        version: kept.version,
        created_by: kept.created_by,
        created_at: kept.created_at,
        updated_at: kept.updated_at,
        input: kept.input,
    }
}
