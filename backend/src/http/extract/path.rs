//! The id in a path; never whether the object exists.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::http::problem::Problem;

/// Length of a UUID's usual text.
const UUID_LENGTH: usize = 36;

/// The `{id}` of the path. One that is no UUID names nothing: 404.
#[derive(Debug, Clone, Copy)]
pub struct PathId<T>(pub T);

impl<T: FromStr> FromRequest for PathId<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").unwrap_or_default();
        let known = id.parse().ok().filter(|_| id.len() == UUID_LENGTH);
        ready(known.map(Self).ok_or_else(|| Problem::not_found("object")))
    }
}
