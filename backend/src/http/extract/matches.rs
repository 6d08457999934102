//! `match[]`, the one parameter that may stand in a query several times; never what it finds.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use common::api::series_match::SeriesMatch;

use crate::http::problem::Problem;

/// Its name, Prometheus's.
const NAME: &str = "match[]";
/// How often it may stand there.
const MOST: usize = 20;

/// All of them; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches(pub Vec<SeriesMatch>);

impl FromRequest for Matches {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

fn read(query: &str) -> Result<Vec<SeriesMatch>, Problem> {
    let parameters = form_urlencoded::parse(query.as_bytes());
    let given = parameters.filter(|(name, _)| name == NAME);
    let matches = given
        .take(MOST + 1)
        .map(|(_, text)| {
            text.parse()
                .map_err(|error: String| Problem::field(NAME, error))
        })
        .collect::<Result<Vec<_>, _>>()?;
    match matches.len() {
        0 => Err(Problem::field(NAME, "is missing")),
        1..=MOST => Ok(matches),
        _ => Err(Problem::field(
            NAME,
            format!("stands there more than {MOST} times"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn every_match_is_read() {
        let found = read("x=1&match[]=up&match%5B%5D=node_load1%7Ba%3D%22b%22%7D").unwrap();
        let names: Vec<_> = found.iter().map(|one| one.metric.as_str()).collect();
        assert_eq!(names, ["up", "node_load1"]);
        for wrong in [
            "",
            "match=up",
            "match[]=",
            "match[]=up&match[]=%7B%7D",
            &"match[]=up&".repeat(21),
        ] {
            let problem = read(wrong).unwrap_err().to_wire("");
            assert_eq!(
                (problem.status, problem.errors[0].field.as_str()),
                (422, "match[]")
            );
        }
    }
}
