//! Where a request comes from; never who asks.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};

use crate::auth::Caller;
use crate::http::problem::Problem;

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let user_agent = request.headers().get(header::USER_AGENT);
        ready(Ok(Self {
            address: request.peer_addr().map(|peer| peer.ip().to_canonical()),
            user_agent: user_agent
                .and_then(|value| value.to_str().ok())
                .map(ToOwned::to_owned),
        }))
    }
}
