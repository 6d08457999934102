//! Checks a route's policy before anything of the request is read; never decides what it is.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::problem::Problem;
use crate::app::App;
use crate::auth::Policy;

/// Lets the request through with a proof, or answers 401 or 403.
///
/// **Invariant**: a request that may change something runs to its end even when its client goes,
/// so that what follows a commit (memory, messages) is never left out.
pub(super) async fn guard(
    policy: Policy,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(app) = request.app_data::<web::Data<App>>() else {
        return Ok(request.error_response(Problem::internal("no App in the server")));
    };
    match app.auth.check(policy, bearer(&request)) {
        Ok(proof) => request.extensions_mut().insert(proof),
        Err(error) => return Ok(request.error_response(Problem::from(error))),
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

/// The access token or API key of `Authorization: Bearer …`; `None` when there is none.
fn bearer(request: &ServiceRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
