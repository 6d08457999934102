//! What rules would have done with what is stored; never a change of one.

use actix_web::{Responder, web};
use common::api::rules::{Advice, AdviseRequest, Preview, PreviewRequest};

use crate::alerts::RuleError;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, Client};
use crate::http::problem::Problem;
use crate::query::QueryError;

/// Try a rule on stored samples: when it would have fired, and how many messages it would have sent.
#[utoipa::path(
    post, path = "/api/v1/alerts/rules/preview", tag = "alerts", request_body = PreviewRequest,
    responses((status = 200, description = "The alerts there would have been", body = Preview))
)]
pub(crate) async fn preview(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    client: Client,
    Body(PreviewRequest { rule, from, to }): Body<PreviewRequest>,
) -> Result<impl Responder, Problem> {
    let work = app.rule_book.preview(&may, rule, from, to);
    let preview = client.waits_for(work).await.unwrap_or_else(nobody)?;
    Ok(web::Json(preview))
}

/// Try other thresholds of a rule on stored samples: how often each would have fired and for how long, and which to take.
#[utoipa::path(
    post, path = "/api/v1/alerts/rules/advise", tag = "alerts", request_body = AdviseRequest,
    responses((status = 200, description = "Thresholds from the mildest to the strictest", body = Advice))
)]
pub(crate) async fn advise(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    client: Client,
    Body(AdviseRequest { rule, from, to }): Body<AdviseRequest>,
) -> Result<impl Responder, Problem> {
    let work = app.rule_book.advise(&may, rule, from, to);
    let advice = client.waits_for(work).await.unwrap_or_else(nobody)?;
    Ok(web::Json(advice))
}

/// The answer to a client that has gone.
fn nobody<T>() -> Result<T, RuleError> {
    Err(RuleError::Tried(QueryError::Cancelled))
}
