//! An export of OTLP in one of its two forms; never what is in it.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::body::is_json;
use super::large_body::{self, LargeBody};
use crate::http::problem::Problem;
use crate::ingest::otlp::Encoding;

/// An export on its way in.
#[derive(Debug)]
pub struct OtlpBody {
    /// In which form it is; the answer has the same.
    pub encoding: Encoding,
    body: LargeBody,
}

impl OtlpBody {
    /// All of it, unpacked.
    pub fn bytes(&self) -> Bytes {
        self.body.bytes.clone()
    }
}

impl FromRequest for OtlpBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let encoding = encoding(&request)?;
            let body = large_body::read(&request, payload).await?;
            Ok(Self { encoding, body })
        })
    }
}

fn encoding(request: &HttpRequest) -> Result<Encoding, Problem> {
    if is_json(request) {
        return Ok(Encoding::Json);
    }
    let kind = request.content_type();
    if kind.eq_ignore_ascii_case("application/x-protobuf") {
        return Ok(Encoding::Protobuf);
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "The body has to be application/x-protobuf or application/json, as OTLP has them.",
    ))
}
