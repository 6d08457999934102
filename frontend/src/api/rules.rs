//! The rules by which alerts fire; never the alerts.

use common::alert::{Rule, RuleInput};
use common::api::rules::{
    Advice, AdviseRequest, EvaluatedRule, Imported, Preview, PreviewRequest, SavedRule,
};
use common::ids::RuleId;
use common::version::Version;
use gloo_net::http::Method;
use serde::Serialize;

use super::request::parse;
use super::{Api, ApiError, ChosenFile, SavedFile};

/// A change of one field.
#[derive(Serialize)]
struct Enabled {
    enabled: bool,
}

/// Every rule, by name.
pub async fn list(api: Api) -> Result<Vec<Rule>, ApiError> {
    api.list("/alerts/rules").await
}

/// Every rule, by name, and how its evaluation goes.
pub async fn evaluated(api: Api) -> Result<Vec<EvaluatedRule>, ApiError> {
    api.list("/alerts/rules").await
}

/// One rule.
pub async fn read(api: Api, id: RuleId) -> Result<EvaluatedRule, ApiError> {
    api.get(&format!("/alerts/rules/{id}")).await
}

/// Makes a rule.
pub async fn create(api: Api, rule: &RuleInput) -> Result<SavedRule, ApiError> {
    api.send(Method::POST, "/alerts/rules", rule).await
}

/// Replaces a rule; refused when somebody changed it since it was `seen`.
pub async fn replace(api: Api, seen: &Rule, rule: &RuleInput) -> Result<SavedRule, ApiError> {
    let path = format!("/alerts/rules/{}", seen.id);
    let api = api.only_at(Version(seen.version.into()));
    api.send(Method::PUT, &path, rule).await
}

/// Switches a rule on or off.
pub async fn enable(api: Api, id: RuleId, enabled: bool) -> Result<Rule, ApiError> {
    let path = format!("/alerts/rules/{id}");
    api.send(Method::PATCH, &path, &Enabled { enabled }).await
}

/// What a rule would have done.
pub async fn preview(api: Api, request: &PreviewRequest) -> Result<Preview, ApiError> {
    api.send(Method::POST, "/alerts/rules/preview", request)
        .await
}

/// What other thresholds would have done.
pub async fn advise(api: Api, request: &AdviseRequest) -> Result<Advice, ApiError> {
    api.send(Method::POST, "/alerts/rules/advise", request)
        .await
}

/// Adds a copy of a rule, switched off.
pub async fn duplicate(api: Api, id: RuleId) -> Result<SavedRule, ApiError> {
    let path = format!("/alerts/rules/{id}/duplicate");
    let answer = api.text(Method::POST, &path, None).await?;
    parse(&answer)
}

/// All rules as a file: `toml` or `json`.
pub async fn export(api: Api, form: &str) -> Result<SavedFile, ApiError> {
    api.file(&format!("/alerts/rules/export?format={form}"))
        .await
}

/// Takes the rules of a file, or says what would come of it.
pub async fn import(
    api: Api,
    file: ChosenFile,
    existing: &str,
    dry_run: bool,
) -> Result<Imported, ApiError> {
    let path = format!("/alerts/rules/import?existing={existing}&dry_run={dry_run}");
    let answer = api.of_kind(file.kind);
    parse(&answer.text(Method::POST, &path, Some(file.text)).await?)
}

/// Removes a rule.
pub async fn remove(api: Api, id: RuleId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("/alerts/rules/{id}"))
        .await
}
