//! One's own preferences; never a setting of the server.

use actix_web::{Responder, web};
use common::api::settings::Preferences;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The own preferences.
#[utoipa::path(
    get, path = "/api/v1/auth/me/settings", tag = "login",
    responses((status = 200, description = "The preferences", body = Preferences))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    allowed: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.auth.preferences(&allowed).await?))
}

/// Keep these preferences instead of those before.
#[utoipa::path(
    put, path = "/api/v1/auth/me/settings", tag = "login", request_body = Preferences,
    responses((status = 200, description = "As kept", body = Preferences))
)]
pub(crate) async fn put(
    app: web::Data<App>,
    allowed: Allowed<may::SelfOnly>,
    body: Body<Preferences>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.auth.set_preferences(&allowed, body.0).await?))
}
