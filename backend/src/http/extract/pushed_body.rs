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
use super::json_fault::field_error;
use super::large_body::{self, LargeBody};
use crate::http::problem::Problem;
use crate::ingest::push::{Gathering, Given, Place, Pushed, read_text};

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
