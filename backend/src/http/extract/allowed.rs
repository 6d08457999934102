//! Takes the proof that the guard left; never checks anything itself.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::auth::policy::Marker;
use crate::auth::{Allowed, Principal, Proof, Scraper};
use crate::http::problem::Problem;

impl<P: Marker> FromRequest for Allowed<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let allowed = extensions.get::<Proof>().and_then(Proof::allowed);
        ready(allowed.ok_or_else(|| {
            Problem::internal(format!(
                "the handler asks for {:?}, the route is guarded by another policy",
                P::POLICY
            ))
        }))
    }
}

impl FromRequest for Scraper {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let scraper = extensions.get::<Proof>().and_then(Proof::scraper);
        let missing =
            || Problem::internal("the handler shows metrics, the route is guarded otherwise");
        ready(scraper.ok_or_else(missing))
    }
}

/// Who asks on a public route, when the request carries a valid login.
#[derive(Debug, Clone)]
pub struct Visitor(pub Option<Principal>);

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let principal = extensions.get().and_then(Proof::principal);
        ready(Ok(Self(principal.cloned())))
    }
}
