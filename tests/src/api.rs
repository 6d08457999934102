//! A client of the HTTP API as a script would write one; never the product's own types for requests.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, RequestBuilder, Response, header};
use serde_json::{Value, json};

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: header::HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answer {
    async fn read(response: Response) -> Result<Self> {
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    /// The body as JSON; `Null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The JSON body, when the status is the expected one.
    pub fn expect(self, status: u16) -> Result<Value> {
        ensure!(
            self.status == status,
            "expected {status}, got {}: {}",
            self.status,
            self.text
        );
        Ok(self.json())
    }
}

/// A caller of the API: nobody, or a logged-in person.
#[derive(Debug, Clone)]
pub struct Api {
    base: String,
    client: reqwest::Client,
    token: Option<String>,
}

impl Api {
    /// Nobody.
    pub fn anonymous(base: &str) -> Result<Self> {
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .no_proxy()
            .build()?;
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            client,
            token: None,
        })
    }

    /// A person, logged in.
    pub async fn login(base: &str, username: &str, password: &str) -> Result<Self> {
        let mut api = Self::anonymous(base)?;
        let answer = api.try_login(username, password).await?.expect(200)?;
        api.token = answer["access_token"].as_str().map(str::to_owned);
        ensure!(api.token.is_some(), "login gave no access token: {answer}");
        Ok(api)
    }

    /// `POST /auth/login`, whatever the answer.
    pub async fn try_login(&self, username: &str, password: &str) -> Result<Answer> {
        let body = json!({"username": username, "password": password});
        self.send(self.request(Method::POST, "/api/v1/auth/login").json(&body))
            .await
    }

    /// The access token, for a WebSocket or a forgery.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// The same client with another access token.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The address that paths are appended to.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request with this caller's credential, to be completed.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("X-Requested-With", "watchpost");
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a completed request.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer> {
        Answer::read(request.send().await.context("send a request")?).await
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(self.request(Method::GET, path)).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Any method with a JSON body.
    pub async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Answer> {
        self.send(self.request(method, path).json(body)).await
    }
}
