//! One call: token, abort, one retry after a renewal, reading the answer; never a resource's path.

use std::fmt::{Display, Write as _};

use common::api::list::Page;
use common::version::Version;
use gloo_net::http::{Method, RequestBuilder, Response};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::{AbortController, Blob, BlobPropertyBag, Url};

use super::{ApiError, Client};

/// All paths of the API begin with it.
const BASE: &str = "/api/v1";
/// The media type of bodies.
const JSON: &str = "application/json";

/// Makes calls for one part of the page; they are aborted when that part goes.
#[derive(Clone, Copy)]
pub struct Api {
    client: Client,
    abort: Option<StoredValue<AbortController, LocalStorage>>,
    seen: Option<Version>,
    /// The media type of what is sent.
    kind: &'static str,
}

/// Calls that are aborted when the component that asked for this is gone.
pub fn use_api() -> Api {
    let abort = AbortController::new()
        .ok()
        .map(|controller| StoredValue::new_local(controller));
    if let Some(abort) = abort {
        on_cleanup(move || {
            abort.try_with_value(AbortController::abort);
        });
    }
    Api {
        client: expect_context(),
        abort,
        seen: None,
        kind: JSON,
    }
}

impl Api {
    /// Calls that go on whatever page is shown.
    pub fn lasting(client: Client) -> Self {
        Self {
            client,
            abort: None,
            seen: None,
            kind: JSON,
        }
    }

    /// The same, for changes of what was seen at this version: they are refused when it is another
    /// by then.
    #[must_use]
    pub fn only_at(self, version: Version) -> Self {
        Self {
            seen: Some(version),
            ..self
        }
    }

    /// The same, for texts of another media type.
    #[must_use]
    pub fn of_kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// Reads the resource at `path` (below `/api/v1`).
    pub async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiError> {
        parse(&self.text(Method::GET, path, None).await?)
    }

    /// Reads the list at `path`, up to the 500 of a page.
    pub async fn list<T: DeserializeOwned>(self, path: &str) -> Result<Vec<T>, ApiError> {
        let page: Page<T> = self.get(&format!("{path}?limit=500")).await?;
        Ok(page.items)
    }

    /// Adds to the list at `path`, or replaces what was seen there; refused when somebody changed that meanwhile.
    pub async fn keep<B: Serialize, T: DeserializeOwned>(
        self,
        path: &str,
        seen: Option<(impl Display, u32)>,
        body: &B,
    ) -> Result<T, ApiError> {
        match seen {
            None => self.send(Method::POST, path, body).await,
            Some((id, version)) => {
                let api = self.only_at(Version(version.into()));
                api.send(Method::PUT, &format!("{path}/{id}"), body).await
            }
        }
    }

    /// Sends `body` and reads the answer.
    pub async fn send<B: Serialize, T: DeserializeOwned>(
        self,
        method: Method,
        path: &str,
        body: &B,
    ) -> Result<T, ApiError> {
        parse(&self.text(method, path, Some(write(body)?)).await?)
    }

    /// Sends `body`; the answer has nothing to read.
    pub async fn tell<B: Serialize>(
        self,
        method: Method,
        path: &str,
        body: &B,
    ) -> Result<(), ApiError> {
        self.text(method, path, Some(write(body)?)).await.map(drop)
    }

    /// Acts on `path` without a body; the answer has nothing to read.
    pub async fn act(self, method: Method, path: &str) -> Result<(), ApiError> {
        self.text(method, path, None).await.map(drop)
    }

    /// Reads a file with the name that the server gives it.
    pub async fn file(self, path: &str) -> Result<SavedFile, ApiError> {
        let answer = self.answer(Method::GET, path, None).await?;
        Ok(SavedFile {
            name: answer
                .file_name
                .clone()
                .unwrap_or_else(|| "watchpost".to_owned()),
            kind: answer.kind.clone(),
            text: answer.text()?,
        })
    }

    /// The answer as text.
    pub async fn text(
        self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<String, ApiError> {
        self.answer(method, path, body).await?.text()
    }

    /// Reads a picture as an address that this page alone can show, until it is revoked.
    pub async fn picture(self, path: &str) -> Result<String, ApiError> {
        let answer = self.answer(Method::GET, path, None).await?;
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(answer.bytes.as_slice()));
        let options = BlobPropertyBag::new();
        options.set_type(&answer.kind);
        Blob::new_with_u8_array_sequence_and_options(&parts, &options)
            .and_then(|blob| Url::create_object_url_with_blob(&blob))
            .map_err(|_| ApiError::Unreadable)
    }

    async fn answer(
        self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Answer, ApiError> {
        let mut token = self.client.fresh_token().await?;
        for attempt in 0..2 {
            let request = self.prepare(method.clone(), path, Some(&token));
            match exchange(request, body.as_deref(), self.kind).await {
                Err(ApiError::LoggedOut) if attempt == 0 => {
                    token = self.client.renew(Some(&token)).await?;
                }
                Err(_) if self.is_aborted() => return Err(ApiError::Aborted),
                outcome => return outcome,
            }
        }
        self.client.drop_token(super::Ended::ByServer);
        Err(ApiError::LoggedOut)
    }

    fn prepare(self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let mut request = RequestBuilder::new(&format!("{BASE}{path}")).method(method);
        if let Some(token) = token {
            request = request.header("Authorization", &format!("Bearer {token}"));
        }
        if let Some(version) = self.seen {
            request = request.header("If-Match", &version.etag());
        }
        let signal = self
            .abort
            .and_then(|abort| abort.try_with_value(AbortController::signal));
        request.abort_signal(signal.as_ref())
    }

    fn is_aborted(self) -> bool {
        self.abort.is_some_and(|abort| {
            abort
                .try_with_value(|controller| controller.signal().aborted())
                .unwrap_or(true)
        })
    }
}

/// A call of the login itself: without a token, marked as coming from the dashboard.
pub(super) async fn login_call(path: &str, body: Option<&str>) -> Result<String, ApiError> {
    let request = RequestBuilder::new(&format!("{BASE}{path}"))
        .method(Method::POST)
        .header("X-Requested-With", "watchpost");
    exchange(request, body, JSON).await?.text()
}

/// A text as a value in an address.
pub fn in_address(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            written.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            write!(written, "%{byte:02X}").ok();
        }
    }
    written
}

/// A file as the server gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub kind: String,
    /// Its content.
    pub text: String,
}

/// A file that a person chose to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenFile {
    /// Its name.
    pub name: String,
    /// Its media type, by the ending of its name.
    pub kind: &'static str,
    /// What it holds; what is no UTF-8 shows as a mark.
    pub text: String,
}

/// What came back from a call that went well.
struct Answer {
    bytes: Vec<u8>,
    kind: String,
    file_name: Option<String>,
}

impl Answer {
    fn text(self) -> Result<String, ApiError> {
        String::from_utf8(self.bytes).map_err(|_| ApiError::Unreadable)
    }
}

/// The name in a header such as `attachment; filename="alerts.csv"`.
fn file_name(disposition: &str) -> Option<String> {
    let (_, rest) = disposition.split_once("filename=")?;
    let name = rest.split(';').next()?.trim().trim_matches('"');
    // A name is no path.
    let is_name = !name.is_empty() && !name.contains(['/', '\\']);
    is_name.then(|| name.to_owned())
}

/// Reads JSON.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    serde_json::from_str(text).map_err(|_| ApiError::Unreadable)
}

/// Writes JSON.
pub(super) fn write<B: Serialize>(body: &B) -> Result<String, ApiError> {
    serde_json::to_string(body).map_err(|_| ApiError::Unreadable)
}

async fn exchange(
    request: RequestBuilder,
    body: Option<&str>,
    kind: &str,
) -> Result<Answer, ApiError> {
    let request = match body {
        Some(body) => request
            .header("Content-Type", kind)
            .body(body)
            .map_err(|_| ApiError::Unreadable)?,
        None => request.build().map_err(|_| ApiError::Unreadable)?,
    };
    let response = request.send().await.map_err(|_| ApiError::Offline)?;
    let bytes = response.binary().await.map_err(|_| ApiError::Offline)?;
    if response.ok() {
        let header = |name| response.headers().get(name);
        Ok(Answer {
            bytes,
            kind: header("Content-Type").unwrap_or_default(),
            file_name: header("Content-Disposition").and_then(|it| file_name(&it)),
        })
    } else {
        Err(refused(
            &response,
            &String::from_utf8(bytes).unwrap_or_default(),
        ))
    }
}

fn refused(response: &Response, text: &str) -> ApiError {
    let retry_after = response.headers().get("Retry-After");
    ApiError::of_answer(response.status(), retry_after.as_deref(), text)
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_named_by_its_header() {
        for (header, name) in [
            (
                "attachment; filename=\"alerts-1.csv\"",
                Some("alerts-1.csv"),
            ),
            ("attachment; filename=a.json; x=y", Some("a.json")),
            ("attachment", None),
            ("attachment; filename=\"../x\"", None),
        ] {
            assert_eq!(file_name(header).as_deref(), name, "{header}");
        }
    }
}
