//! Checks a route's policy before anything of the request is read; never decides what it is.

use std::net::IpAddr;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, ResponseError, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::problem::Problem;
use crate::app::App;
use crate::auth::{AuthError, Policy, Presented, Proof};

/// What stands before a handler.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door {
    /// Who may come in.
    pub(super) policy: Policy,
    /// Whether a name and a password with the request open it as well.
    pub(super) takes_basic: bool,
}

/// Lets the request through with a proof, or answers 401 or 403.
///
/// **Invariant**: a request that may change something runs to its end even when its client goes,
/// so that what follows a commit (memory, messages) is never left out.
pub(super) async fn guard(
    door: Door,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(app) = request.app_data::<web::Data<App>>() else {
        return Ok(request.error_response(Problem::internal("no App in the server")));
    };
    match admit(door, app, &request).await {
        Ok(proof) => request.extensions_mut().insert(proof),
        Err(problem) => return Ok(request.error_response(problem)),
    };
    if request.method().is_safe() {
        return next.call(request).await;
    }
    let asked = request.request().clone();
    match actix_web::rt::spawn(next.call(request)).await {
        Ok(answer) => answer,
        Err(panic) => Ok(ServiceResponse::from_err(Problem::internal(panic), asked)),
    }
}

async fn admit(door: Door, app: &App, request: &ServiceRequest) -> Result<Proof, Problem> {
    if door.policy == Policy::Scrape && app.config.metrics.public {
        return Ok(Proof::of_public_metrics());
    }
    let header = request.headers().get(header::AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let (scheme, rest) = header
        .and_then(|header| header.split_once(' '))
        .unwrap_or_default();
    let is_token = scheme.eq_ignore_ascii_case("bearer");
    let is_basic = door.takes_basic && scheme.eq_ignore_ascii_case("basic");
    let pair = is_basic.then(|| name_and_password(rest.trim())).flatten();
    let presented = match &pair {
        _ if is_token => Presented::Token(rest.trim()),
        Some((name, password)) => Presented::Basic { name, password },
        None => Presented::Nothing,
    };
    let admitted = app.auth.admit(door.policy, presented, address(request));
    admitted
        .await
        .map_err(|error| refusal(error, door.takes_basic && !is_token))
}

/// The answer to who may not come in. A page that sends tokens is not told of passwords: its browser
/// would ask the person for one.
fn refusal(error: AuthError, tells_of_basic: bool) -> Problem {
    let problem = Problem::from(error);
    if tells_of_basic && problem.status_code() == StatusCode::UNAUTHORIZED {
        let basic = HeaderValue::from_static("Basic realm=\"watchpost\", charset=\"UTF-8\"");
        return problem.header(header::WWW_AUTHENTICATE, basic);
    }
    problem
}

/// What stands in `Authorization: Basic …`; `None` when it is not written as it has to be.
fn name_and_password(text: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

fn address(request: &ServiceRequest) -> Option<IpAddr> {
    request.peer_addr().map(|peer| peer.ip().to_canonical())
}
