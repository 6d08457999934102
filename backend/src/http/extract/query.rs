//! Query parameters as a type; unknown ones are ignored; never what values mean.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use crate::http::problem::Problem;
use common::json_fault::field_error;

/// The query parameters. A wrong or missing one is refused with its name: 422.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

/// Reads a query string; 422 with the parameter's name.
pub(super) fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let mut given = form_urlencoded::parse(query.as_bytes());
    if let Some((name, _)) = given.find(|(_, value)| value.contains('\0')) {
        return Err(super::nul::refusal(&name));
    }
    let parameters = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(parameters).map_err(|error| {
        let path = error.path().to_string();
        Problem::fields(vec![field_error(&path, &error.inner().to_string())])
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::read;

    #[derive(Debug, Deserialize)]
    struct Parameters {
        metric: String,
        step: Option<u32>,
    }

    #[test]
    fn wrong_parameters_are_named_and_unknown_ones_ignored() {
        for (query, field) in [
            ("", "metric"),
            ("step=1", "metric"),
            ("metric=a&step=x", "step"),
            ("metric=a&step=-1", "step"),
            ("metric=a&metric=b", "metric"),
            ("metric=a%00b", "metric"),
        ] {
            let problem = read::<Parameters>(query).unwrap_err().to_wire("");
            assert_eq!(problem.status, 422, "{query}");
            assert_eq!(problem.errors[0].field, field, "{query}: {problem:?}");
        }
        let parameters: Parameters = read("metric=a%20b&step=5&unknown=1").unwrap();
        assert_eq!(
            (parameters.metric.as_str(), parameters.step),
            ("a b", Some(5))
        );
    }
}
