//! `If-Match` in, `ETag` out; never which versions an object had.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use common::version::{Seen, Version};
use serde::Serialize;

use crate::http::problem::Problem;

/// Which version the caller saw; [`Seen::Any`] when the header is absent.
#[derive(Debug, Clone)]
pub struct IfMatch(pub Seen);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(header::IF_MATCH);
        // A header that is no text names no version.
        ready(Ok(Self(header.map_or(Seen::Any, |value| {
            Seen::parse(value.to_str().unwrap_or_default())
        }))))
    }
}

/// An object with its version: JSON with an `ETag`.
#[derive(Debug)]
pub struct Tagged<T>(pub T, pub Version);

impl<T: Serialize> Tagged<T> {
    /// One of those whose changes are counted in its row.
    pub fn kept(version: u32, one: T) -> Self {
        Self(one, Version(version.into()))
    }

    /// What was added, and where it is found from now on.
    pub fn added(self, location: &str) -> HttpResponse {
        HttpResponse::Created()
            .insert_header((header::LOCATION, location))
            .insert_header((header::ETAG, self.1.etag()))
            .json(self.0)
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::ETAG, self.1.etag()))
            .json(self.0)
    }
}
