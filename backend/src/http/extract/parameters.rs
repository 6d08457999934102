//! Parameters of a query or of a form, each any number of times, as Prometheus takes them; never
//! what they mean.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::body;
use crate::http::problem::Problem;

const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters of a request: those of its form before those of its address.
#[derive(Debug, Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The first value of a parameter; empty when it is left out.
    pub fn get(&self, name: &str) -> &str {
        let mut given = self.0.iter();
        let first = given.find(|(known, _)| known == name);
        first.map_or("", |(_, value)| value)
    }

    /// All values of a parameter, in their order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let given = self.0.iter().filter(move |(known, _)| known == name);
        given.map(|(_, value)| value.as_str())
    }

    /// The parameters of a query string, for tests.
    #[cfg(test)]
    pub(crate) fn of(query: &str) -> Self {
        let mut form = Self::default();
        form.add(query.as_bytes());
        form
    }

    fn add(&mut self, text: &[u8]) {
        self.0.extend(form_urlencoded::parse(text).into_owned());
    }
}

impl FromRequest for Parameters {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let mut form = Self::default();
            if request.method() == Method::POST {
                let body = body::read(&request, payload).await?;
                if !body.is_empty() {
                    check_kind(&request)?;
                    form.add(&body);
                }
            }
            form.add(request.query_string().as_bytes());
            Ok(form)
        })
    }
}

/// 415 unless the body says that it is a form.
fn check_kind(request: &HttpRequest) -> Result<(), Problem> {
    if request.content_type().eq_ignore_ascii_case(FORM) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "The parameters have to be application/x-www-form-urlencoded.",
    ))
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use actix_web::test::TestRequest;

    use super::*;

    async fn read(request: TestRequest) -> Result<Parameters, Problem> {
        let (request, mut payload) = request.to_http_parts();
        Parameters::from_request(&request, &mut payload).await
    }

    #[actix_web::test]
    async fn a_form_stands_before_the_address() {
        let request = TestRequest::post()
            .uri("/?query=b&match[]=2&time=1")
            .insert_header((
                "content-type",
                "application/x-www-form-urlencoded; charset=utf-8",
            ))
            .set_payload("query=a%2Bb+c&match%5B%5D=1");
        let form = read(request).await.unwrap();
        assert_eq!((form.get("query"), form.get("time")), ("a+b c", "1"));
        assert_eq!(form.all("match[]").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form.get("step"), "");
        let form = read(TestRequest::get().uri("/?query=up")).await.unwrap();
        assert_eq!(form.get("query"), "up");
        assert!(read(TestRequest::post().uri("/?query=up")).await.is_ok());
    }

    #[actix_web::test]
    async fn other_bodies_and_large_ones_are_refused() {
        for (kind, body, status) in [
            ("application/json", "{}".to_owned(), 415),
            ("", "query=up".to_owned(), 415),
            (FORM, "a".repeat(2 << 20), 413),
        ] {
            let request = TestRequest::post()
                .insert_header(("content-type", kind))
                .set_payload(body);
            let problem = read(request).await.unwrap_err();
            assert_eq!(problem.status_code().as_u16(), status, "{kind}");
        }
    }
}
