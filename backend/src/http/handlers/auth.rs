//! Login, refresh, logout, who am I, own password; never how they are decided.

use actix_web::{HttpRequest, HttpResponse, Responder, web};
use common::api::auth::{LoginAnswer, LoginRequest, Me, PasswordChange, WsTicket};

use crate::app::App;
use crate::auth::{Allowed, AuthError, Caller, Login, may};
use crate::http::cookie;
use crate::http::extract::{Body, OwnOrigin, OwnPage};
use crate::http::problem::Problem;

/// Log in with name and password. The refresh token comes as a cookie.
#[utoipa::path(
    post, path = "/api/v1/auth/login", tag = "login", request_body = LoginRequest,
    responses(
        (status = 200, description = "Logged in", body = LoginAnswer),
        (status = 401, description = "Unknown name or wrong password"),
        (status = 403, description = "From a page of another site"),
        (status = 429, description = "Too many failures: wait as Retry-After says"),
    )
)]
pub(crate) async fn login(
    _: OwnOrigin,
    app: web::Data<App>,
    caller: Caller,
    body: Body<LoginRequest>,
) -> Result<HttpResponse, Problem> {
    let login = app.auth.login(body.0, caller).await?;
    Ok(logged_in(&app, login))
}

/// Get a new access token with the cookie of the login.
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "login",
    params(("X-Requested-With" = String, Header, description = "Always `watchpost`")),
    responses(
        (status = 200, description = "The session goes on", body = LoginAnswer),
        (status = 401, description = "The session has ended"),
        (status = 403, description = "From a page of another site"),
    )
)]
pub(crate) async fn refresh(
    _: OwnPage,
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let token = cookie::token(&request).ok_or(AuthError::NoCredentials)?;
    let login = app.auth.refresh(&token, caller).await?;
    Ok(logged_in(&app, login))
}

/// End the session of the cookie.
#[utoipa::path(
    post, path = "/api/v1/auth/logout", tag = "login",
    params(("X-Requested-With" = String, Header, description = "Always `watchpost`")),
    responses(
        (status = 204, description = "Logged out"),
        (status = 403, description = "From a page of another site"),
    )
)]
pub(crate) async fn logout(
    _: OwnPage,
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    if let Some(token) = cookie::token(&request) {
        app.auth.logout(&token).await?;
    }
    Ok(HttpResponse::NoContent()
        .cookie(cookie::removal(&app.config))
        .finish())
}

/// Who am I, and what may I do?
#[utoipa::path(
    get, path = "/api/v1/auth/me", tag = "login",
    responses((status = 200, description = "The person who asks", body = Me))
)]
pub(crate) async fn me(
    app: web::Data<App>,
    allowed: Allowed<may::FirstPassword>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.auth.me(&allowed).await?))
}

/// Change the own password; ends the own other sessions.
#[utoipa::path(
    post, path = "/api/v1/auth/password", tag = "login", request_body = PasswordChange,
    responses(
        (status = 204, description = "Changed"),
        (status = 429, description = "Too many failures: wait as Retry-After says"),
    )
)]
pub(crate) async fn password(
    app: web::Data<App>,
    allowed: Allowed<may::FirstPassword>,
    caller: Caller,
    body: Body<PasswordChange>,
) -> Result<impl Responder, Problem> {
    app.auth.change_password(&allowed, body.0, caller).await?;
    Ok(HttpResponse::NoContent())
}

/// A ticket that opens one WebSocket.
#[utoipa::path(
    post, path = "/api/v1/auth/ws-ticket", tag = "login",
    responses((status = 200, description = "The ticket", body = WsTicket))
)]
pub(crate) async fn ws_ticket(
    app: web::Data<App>,
    allowed: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.auth.socket_ticket(&allowed)?))
}

fn logged_in(app: &App, login: Login) -> HttpResponse {
    let cookie = cookie::with_token(&app.config, login.refresh_token, login.refresh_seconds);
    HttpResponse::Ok().cookie(cookie).json(login.answer)
}
