//! A remote write: its headers, then its bytes unpacked; never what is in them.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest};

use super::large_body::SnappyBody;
use crate::http::problem::Problem;

/// A `WriteRequest` on its way in.
#[derive(Debug)]
pub struct RemoteWriteBody(web::Data<SnappyBody>);

impl FromRequest for RemoteWriteBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (known, payload) = (check(request), payload.take());
        Box::pin(async move {
            known?;
            Ok(Self(web::Data::new(SnappyBody::read(payload).await?)))
        })
    }
}

impl RemoteWriteBody {
    /// The message, unpacked off the threads that serve others.
    pub async fn message(&self) -> Result<Bytes, Problem> {
        let body = web::Data::clone(&self.0);
        let unpacked = web::block(move || body.unpack()).await;
        unpacked.map_err(Problem::internal)?
    }
}

/// 415 for what is not remote write 1.0.
fn check(request: &HttpRequest) -> Result<(), Problem> {
    let value = |name| {
        let value = request.headers().get(name);
        let value = value.and_then(|value| value.to_str().ok());
        value.unwrap_or_default().trim().to_ascii_lowercase()
    };
    let kind = value(header::CONTENT_TYPE);
    let mut parts = kind.split(';').map(str::trim);
    let is_protobuf = parts.next() == Some("application/x-protobuf");
    let proto = parts.find_map(|part| part.strip_prefix("proto="));
    let is_first = proto.is_none_or(|proto| proto.trim_matches('"') == "prometheus.writerequest");
    if !is_protobuf || !is_first {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body has to be application/x-protobuf as remote write 1.0 has it: another version is \
             not taken.",
        ));
    }
    if value(header::CONTENT_ENCODING) != "snappy" {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body has to be compressed with snappy, and its Content-Encoding has to say so.",
        ));
    }
    Ok(())
}
