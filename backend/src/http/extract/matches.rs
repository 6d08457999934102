//! `match[]`, the one parameter that may stand in a query several times; never what it finds.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use common::api::series_match::SeriesMatch;
use common::series::matcher::SelectorError;

use crate::http::problem::Problem;

/// Its name, Prometheus's.
const NAME: &str = "match[]";
/// How often it may stand there.
const MOST: usize = 20;

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches(pub Vec<SeriesMatch>);

impl Matches {
    /// All of them; 422 when there is none.
    pub fn at_least_one(self) -> Result<Vec<SeriesMatch>, Problem> {
        if self.0.is_empty() {
            return Err(Problem::field(NAME, "is missing"));
        }
        Ok(self.0)
    }
}

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
                .map_err(|error: SelectorError| Problem::field(NAME, error.to_string()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if matches.len() > MOST {
        let error = format!("stands there more than {MOST} times");
        return Err(Problem::field(NAME, error));
    }
    Ok(matches)
}

#[cfg(test)]
mod tests {
    use super::{Matches, read};

    #[test]
    fn every_match_is_read() {
        let found = read("x=1&match[]=up&match%5B%5D=node_load1%7Ba%3D%22b%22%7D").unwrap();
        let names: Vec<_> = found.iter().map(|one| one.metric.as_deref()).collect();
        assert_eq!(names, [Some("up"), Some("node_load1")]);
        for missing in ["", "match=up"] {
            let problem = Matches(read(missing).unwrap()).at_least_one().unwrap_err();
            assert_eq!(problem.to_wire("").errors[0].message, "is missing");
        }
        for wrong in [
            "match[]=",
            "match[]=up&match[]=%7Ba%3Db%7D",
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
