//! Pushed metrics in one of their two forms, read into a gathering; never which are accepted.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use common::api::custom::CustomSample;
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::error::Category;

use super::body::{is_json, not_json};
use super::large_body::{self, LargeBody};
use crate::http::problem::Problem;
use crate::ingest::push::{Gathering, Given, Place, Pushed, read_text};
use common::json_fault::field_error;

/// A body with metrics that somebody pushes.
#[derive(Debug)]
pub struct PushedBody {
    form: Form,
    body: LargeBody,
}

/// In which form they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    /// Prometheus's text format.
    Text,
}

impl FromRequest for PushedBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = large_body::read(&request, payload).await?;
            let form = form(&request)?;
            Ok(Self { form, body })
        })
    }
}

fn form(request: &HttpRequest) -> Result<Form, Problem> {
    if is_json(request) {
        return Ok(Form::Json);
    }
    if request.content_type().eq_ignore_ascii_case("text/plain") {
        return Ok(Form::Text);
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "The body has to be application/json, or text/plain as Prometheus writes it.",
    ))
}

impl PushedBody {
    /// Reads all of it, off the threads that serve others.
    pub async fn gather(&self, gathering: Gathering) -> Result<Pushed, Problem> {
        let (form, bytes) = (self.form, self.body.bytes.clone());
        let read = move || match form {
            Form::Json => read_json(&bytes, gathering),
            Form::Text => {
                let mut gathering = gathering;
                read_text(&bytes, &mut gathering);
                Ok(gathering.done()?)
            }
        };
        web::block(read).await.map_err(Problem::internal)?
    }
}

/// 400 when the text is no JSON, 422 with the field's path when it is not this JSON.
fn read_json(body: &[u8], mut gathering: Gathering) -> Result<Pushed, Problem> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let read = Document(&mut gathering).deserialize(tracked);
    let error = match read.and_then(|()| json.end()) {
        Ok(()) => return Ok(gathering.done()?),
        Err(error) => error,
    };
    let message = error.to_string();
    let is_beyond = message.starts_with("number out of range");
    if error.classify() != Category::Data && !is_beyond {
        return Err(not_json(&error));
    }
    // Reading ended early: at a limit, or at flaws enough.
    let known = gathering.done();
    if message.starts_with(ENOUGH) {
        return Ok(known?);
    }
    if !is_beyond {
        serde_json::from_slice::<IgnoredAny>(body).map_err(|error| not_json(&error))?;
    }
    let path = track.path().to_string();
    Err(Problem::fields(vec![field_error(&path, &message)]))
}

/// What ends the reading although the JSON is good.
const ENOUGH: &str = "enough was read";

/// `{"samples":[…]}`, each sample gathered as it is read.
struct Document<'a>(&'a mut Gathering);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Samples,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `samples`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut is_there = false;
        while let Some(Field::Samples) = map.next_key()? {
            if std::mem::replace(&mut is_there, true) {
                return Err(A::Error::duplicate_field("samples"));
            }
            map.next_value_seed(Samples(&mut *self.0))?;
        }
        is_there
            .then_some(())
            .ok_or_else(|| A::Error::missing_field("samples"))
    }
}

struct Samples<'a>(&'a mut Gathering);

impl<'de> DeserializeSeed<'de> for Samples<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Samples<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of samples")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(sample) = list.next_element::<CustomSample>()? {
            if self.0.add(Place::Sample(index), &given(&sample)).is_break() {
                return Err(A::Error::custom(ENOUGH));
            }
            index += 1;
        }
        Ok(())
    }
}

fn given(sample: &CustomSample) -> Given<'_> {
    let labels = sample.labels.0.iter();
    Given {
        metric: &sample.metric,
        labels: labels
            .map(|(name, value)| (name.as_str(), value.as_str().into()))
            .collect(),
        value: sample.value,
        at: sample.at,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use common::time::UnixMs;
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::push::{Accepts, Manner};

    fn read(body: &[u8]) -> Result<Pushed, Problem> {
        let accepts = Accepts {
            now: UnixMs(1_760_000_000_000),
            most_series: 3,
            retention_days: 30,
            is_sampled: true,
            manner: Manner::Custom,
        };
        read_json(body, Gathering::new(accepts))
    }

    #[test]
    fn what_ends_the_reading_decides_the_answer() {
        let samples = |one: &str, count: usize| {
            let list = vec![one; count].join(",");
            format!("{{\"samples\":[{list}]")
        };
        let bad = r#"{"metric":"a b","value":1}"#;
        let series: Vec<_> = (0..5)
            .map(|n| format!(r#"{{"metric":"m{n}","value":1}}"#))
            .collect();
        for (body, status, flaws) in [
            (samples(bad, 2), 400, 0),
            (samples(bad, 2) + "}", 422, 2),
            (samples(bad, 2) + "} x", 400, 0),
            (samples(bad, 2) + ",\"x\":1}", 422, 1),
            (samples(bad, 50), 422, 20),
            (samples(&series.join(","), 1) + "}", 422, 1),
            (samples(r#"{"metric":"m","value":-1e400}"#, 1) + "}", 422, 1),
            ("{\"samples\":[],\"samples\":[]}".to_owned(), 422, 1),
            ("[".repeat(1_000), 400, 0),
        ] {
            let problem = read(body.as_bytes()).unwrap_err();
            let told = problem.to_wire("").errors.len();
            let status_of = problem.status_code().as_u16();
            assert_eq!((status_of, told), (status, flaws), "{body}: {problem}");
        }
        let pushed = read((samples(r#"{"metric":"m","value":1}"#, 3) + "}").as_bytes());
        assert_eq!(pushed.unwrap().samples(), 1);
    }

    proptest! {
        #[test]
        fn anything_like_a_push_is_taken_or_refused(
            inner in "[{}\\[\\],:\"a-c0-9.eE\\\\-]{0,60}",
        ) {
            drop(read(inner.as_bytes()));
            drop(read(format!("{{\"samples\":[{inner}]}}").as_bytes()));
        }
    }
}
