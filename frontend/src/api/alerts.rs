//! Alerts that fire and that fired; never their rules.

use common::alert::Alert;
use common::api::alerts::{
    AlertAction, AlertAssignment, AlertDetail, AlertExplanation, AlertFilter, AlertReplay,
    AlertSaying, BulkAnswer, BulkRequest,
};
use common::api::list::Page;
use common::ids::{AlertId, RuleId};
use gloo_net::http::Method;

use super::request::SavedFile;
use super::{Api, ApiError, in_address};

/// How many alerts a page of the history has.
const PAGE: u32 = 50;

/// What a person does to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Takes it.
    Acknowledge,
    /// Ends it.
    Resolve,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Resolve => "resolve",
        }
    }
}

/// The form of a file of alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}

impl Format {
    /// Its name in the address and on the screen in small letters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// A page of the alerts that fired, newest first.
pub async fn history(
    api: Api,
    filter: &AlertFilter,
    cursor: Option<&str>,
) -> Result<Page<Alert>, ApiError> {
    let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
    let filter = parameters(filter);
    api.get(&format!("/alerts/history?limit={PAGE}{filter}{cursor}"))
        .await
}

/// The newest alert of a rule; `None` when it never fired.
pub async fn newest_of(api: Api, rule: RuleId) -> Result<Option<Alert>, ApiError> {
    let path = format!("/alerts/history?limit=1&rule={rule}");
    let page: Page<Alert> = api.get(&path).await?;
    Ok(page.items.into_iter().next())
}

/// One alert with its steps.
pub async fn read(api: Api, id: AlertId) -> Result<AlertDetail, ApiError> {
    api.get(&format!("/alerts/{id}")).await
}

/// Takes or ends an alert.
pub async fn act(api: Api, id: AlertId, act: Act, action: &AlertAction) -> Result<Alert, ApiError> {
    let path = format!("/alerts/{id}/{}", act.name());
    api.send(Method::POST, &path, action).await
}

/// Says something to an alert.
pub async fn comment(api: Api, id: AlertId, saying: &AlertSaying) -> Result<Alert, ApiError> {
    let path = format!("/alerts/{id}/comments");
    api.send(Method::POST, &path, saying).await
}

/// Gives an alert to somebody, or to nobody.
pub async fn assign(
    api: Api,
    id: AlertId,
    assignment: &AlertAssignment,
) -> Result<Alert, ApiError> {
    let path = format!("/alerts/{id}/assign");
    api.send(Method::POST, &path, assignment).await
}

/// Does the same to several alerts.
pub async fn bulk(api: Api, request: &BulkRequest) -> Result<BulkAnswer, ApiError> {
    api.send(Method::POST, "/alerts/bulk", request).await
}

/// Why there is an alert and who was told.
pub async fn explain(api: Api, id: AlertId) -> Result<AlertExplanation, ApiError> {
    api.get(&format!("/alerts/{id}/explain")).await
}

/// What its rule decided, evaluated again.
pub async fn replay(api: Api, id: AlertId) -> Result<AlertReplay, ApiError> {
    api.get(&format!("/alerts/{id}/replay")).await
}

/// The metric around an alert, in the colours of the theme: an address for an image.
pub async fn picture(api: Api, id: AlertId, theme: &str) -> Result<String, ApiError> {
    let path = format!("/alerts/{id}/picture.png?theme={theme}");
    api.picture(&path).await
}

/// The same as it was kept when the alert fired.
pub async fn kept_picture(api: Api, id: AlertId) -> Result<String, ApiError> {
    api.picture(&format!("/alerts/{id}/picture.png?kept=true"))
        .await
}

/// What the server did around the firing, as a file.
pub async fn recording(api: Api, id: AlertId) -> Result<SavedFile, ApiError> {
    let file = api.file(&format!("/alerts/{id}/recording")).await?;
    let name = format!("watchpost-alert-{id}.json");
    Ok(SavedFile { name, ..file })
}

/// All alerts that the filter lets through, as a file.
pub async fn export(api: Api, filter: &AlertFilter, format: Format) -> Result<SavedFile, ApiError> {
    let filter = parameters(filter);
    api.file(&format!("/alerts/export?format={}{filter}", format.name()))
        .await
}

fn parameters(filter: &AlertFilter) -> String {
    let parameters = [
        ("state", filter.state.map(|it| it.as_str().to_owned())),
        ("severity", filter.severity.map(|it| it.as_str().to_owned())),
        ("server", filter.server.map(|it| it.to_string())),
        ("text", filter.text.as_deref().map(in_address)),
    ];
    parameters
        .into_iter()
        .filter_map(|(name, value)| Some(format!("&{name}={}", value?)))
        .collect()
}
