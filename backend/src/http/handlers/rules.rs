//! Alert rules; never whether one makes sense.

use actix_web::{HttpResponse, Responder, web};
use common::alert::{Rule, RuleInput, RulePatch};
use common::api::list::Page;
use common::api::rules::{EvaluatedRule, SavedRule};
use common::ids::RuleId;
use common::version::Version;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;

/// The alert rules, by name.
#[utoipa::path(
    get, path = "/api/v1/alerts/rules", tag = "alerts", params(PageParameters),
    responses((status = 200, description = "A page of rules", body = Page<EvaluatedRule>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let rules = app
        .rule_book
        .page(&may, paging.after()?, paging.fetch())
        .await?;
    Ok(web::Json(
        paging.page(rules, |it| it.rule.input.name.clone()),
    ))
}

/// Add a rule.
#[utoipa::path(
    post, path = "/api/v1/alerts/rules", tag = "alerts", request_body = RuleInput,
    responses((status = 201, description = "Added", body = SavedRule, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    body: Body<RuleInput>,
) -> Result<impl Responder, Problem> {
    let rule = app.rule_book.create(&may, body.0).await?;
    let location = format!("/api/v1/alerts/rules/{}", rule.id);
    let version = version(&rule);
    let saved = app.rule_book.saved(rule).await;
    Ok(Tagged(saved, version).added(&location))
}

/// Add a rule: the same as `POST /alerts/rules`.
#[utoipa::path(
    post, path = "/api/v1/alerts", tag = "alerts", request_body = RuleInput,
    responses((status = 201, description = "Added", body = SavedRule, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn add_short(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    body: Body<RuleInput>,
) -> Result<impl Responder, Problem> {
    add(app, may, body).await
}

/// One rule.
#[utoipa::path(
    get, path = "/api/v1/alerts/rules/{id}", tag = "alerts",
    params(("id" = RuleId, Path, description = "The rule")),
    responses((status = 200, description = "The rule", body = EvaluatedRule, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<RuleId>,
) -> Result<impl Responder, Problem> {
    let found = app.rule_book.get(&may, id.0).await?;
    let version = version(&found.rule);
    Ok(Tagged(found, version))
}

/// Replace a rule. Its open alerts are resolved when it does not ask for them any more.
#[utoipa::path(
    put, path = "/api/v1/alerts/rules/{id}", tag = "alerts", request_body = RuleInput,
    params(
        ("id" = RuleId, Path, description = "The rule"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = SavedRule, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<RuleId>,
    seen: IfMatch,
    body: Body<RuleInput>,
) -> Result<impl Responder, Problem> {
    let rule = app.rule_book.replace(&may, id.0, body.0, seen.0).await?;
    let version = version(&rule);
    Ok(Tagged(app.rule_book.saved(rule).await, version))
}

/// Change some fields of a rule; a map or list replaces the old one whole.
#[utoipa::path(
    patch, path = "/api/v1/alerts/rules/{id}", tag = "alerts", request_body = RulePatch,
    params(
        ("id" = RuleId, Path, description = "The rule"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As changed", body = SavedRule, headers(("ETag" = String))))
)]
pub(crate) async fn change(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<RuleId>,
    seen: IfMatch,
    body: Body<RulePatch>,
) -> Result<impl Responder, Problem> {
    let rule = app.rule_book.patch(&may, id.0, body.0, seen.0).await?;
    let version = version(&rule);
    Ok(Tagged(app.rule_book.saved(rule).await, version))
}

/// Remove a rule. Its open alerts are resolved.
#[utoipa::path(
    delete, path = "/api/v1/alerts/rules/{id}", tag = "alerts",
    params(
        ("id" = RuleId, Path, description = "The rule"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<RuleId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.rule_book.delete(&may, id.0, seen.0).await?;
    Ok(HttpResponse::NoContent())
}

fn version(rule: &Rule) -> Version {
    Version(rule.version.into())
}
