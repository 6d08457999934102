//! A file of rules in one of its forms; never what is in it.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::body::is_json;
use super::large_body;
use crate::alerts::RuleFileForm;
use crate::http::problem::Problem;

/// A file of rules, up to the size of a large body.
#[derive(Debug)]
pub struct RuleFileBody {
    /// By its content type.
    pub form: RuleFileForm,
    /// What it holds.
    pub text: String,
}

impl FromRequest for RuleFileBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = large_body::read(&request, payload).await?;
            let form = form(&request)?;
            let text = String::from_utf8(body.bytes.to_vec());
            let text = text.map_err(|_| Problem::field("", "the file must be UTF-8"))?;
            Ok(Self { form, text })
        })
    }
}

fn form(request: &HttpRequest) -> Result<RuleFileForm, Problem> {
    if is_json(request) {
        return Ok(RuleFileForm::Json);
    }
    match request.content_type().to_ascii_lowercase().as_str() {
        "application/toml" | "text/toml" => Ok(RuleFileForm::Toml),
        "application/yaml" | "application/x-yaml" | "text/yaml" => Ok(RuleFileForm::Yaml),
        _ => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send application/json, application/toml, or application/yaml for a rule file of Prometheus.",
        )),
    }
}
