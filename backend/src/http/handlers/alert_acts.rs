//! What people say to alerts, to whom they give them, and acts on several at once; never the lists.

use actix_web::{Responder, web};
use common::alert::Alert;
use common::api::alerts::{AlertAssignment, AlertSaying, BulkAnswer, BulkRequest, BulkResult};
use common::ids::AlertId;

use crate::alerts::{Act, Acted};
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, PathId};
use crate::http::problem::Problem;

/// Say something to an alert, also to one that is over. It stands in the alert's history.
#[utoipa::path(
    post, path = "/api/v1/alerts/{id}/comments", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert")),
    request_body = AlertSaying,
    responses(
        (status = 200, description = "The alert afterwards", body = Alert),
        (status = 409, description = "It does not fire yet"),
    )
)]
pub(crate) async fn comment(
    app: web::Data<App>,
    may: Allowed<may::AlertsAct>,
    id: PathId<AlertId>,
    body: Body<AlertSaying>,
) -> Result<impl Responder, Problem> {
    let comment = Some(body.0.comment);
    let alert = app.alerts.act(&may, id.0, Act::Comment, comment).await?;
    Ok(web::Json(alert))
}

/// Give an alert to somebody, or to nobody. Doing it again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/alerts/{id}/assign", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert")),
    request_body = AlertAssignment,
    responses(
        (status = 200, description = "The alert afterwards", body = Alert),
        (status = 409, description = "It does not fire yet"),
    )
)]
pub(crate) async fn assign(
    app: web::Data<App>,
    may: Allowed<may::AlertsAct>,
    id: PathId<AlertId>,
    body: Body<AlertAssignment>,
) -> Result<impl Responder, Problem> {
    let AlertAssignment { user_id, comment } = body.0;
    let act = Act::Assign(user_id);
    let alert = app.alerts.act(&may, id.0, act, comment).await?;
    Ok(web::Json(alert))
}

/// Do the same to several alerts, each for itself: the answer says what became of each.
#[utoipa::path(
    post, path = "/api/v1/alerts/bulk", tag = "alerts",
    request_body = BulkRequest,
    responses((status = 200, description = "What became of each", body = BulkAnswer))
)]
pub(crate) async fn bulk(
    app: web::Data<App>,
    may: Allowed<may::AlertsAct>,
    body: Body<BulkRequest>,
) -> Result<impl Responder, Problem> {
    let done = app.alerts.act_on_all(&may, body.0).await?;
    let items = done.into_iter().map(result).collect();
    Ok(web::Json(BulkAnswer { items }))
}

fn result((id, outcome): Acted) -> BulkResult {
    let outcome = outcome.map_err(|error| Problem::from(error).to_wire(""));
    let status = outcome.as_ref().map_or_else(|it| it.status, |_| 200);
    let (alert, problem) = match outcome {
        Ok(alert) => (Some(alert), None),
        Err(problem) => (None, Some(problem)),
    };
    BulkResult {
        id,
        status,
        alert,
        problem,
    }
}
