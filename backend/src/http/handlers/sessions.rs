//! One's own sessions: list and end; never another person's.

use actix_web::{HttpResponse, Responder, web};
use common::api::auth::Session;
use common::api::list::Page;
use common::ids::SessionId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::PathId;
use crate::http::problem::Problem;

/// The own sessions, the one used last first.
#[utoipa::path(
    get, path = "/api/v1/auth/sessions", tag = "login",
    responses((status = 200, description = "All of them", body = Page<Session>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    allowed: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(Page::whole(app.auth.sessions(&allowed).await?)))
}

/// End one of the own sessions.
#[utoipa::path(
    delete, path = "/api/v1/auth/sessions/{id}", tag = "login",
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 204, description = "Ended"))
)]
pub(crate) async fn end(
    app: web::Data<App>,
    allowed: Allowed<may::SelfOnly>,
    id: PathId<SessionId>,
) -> Result<impl Responder, Problem> {
    app.auth.end_session(&allowed, id.0).await?;
    Ok(HttpResponse::NoContent())
}
