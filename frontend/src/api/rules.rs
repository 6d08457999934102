//! The rules by which alerts fire; never the alerts.

use common::alert::{Rule, RuleInput};
use common::api::list::Page;
use common::api::rules::{Advice, AdviseRequest, Preview, PreviewRequest};
use common::ids::RuleId;
use common::version::Version;
use gloo_net::http::Method;
use serde::Serialize;

use super::{Api, ApiError};

/// A change of one field.
#[derive(Serialize)]
struct Enabled {
    enabled: bool,
}

/// Every rule, by name.
pub async fn list(api: Api) -> Result<Vec<Rule>, ApiError> {
    let page: Page<Rule> = api.get("/alerts/rules?limit=500").await?;
    Ok(page.items)
}

/// One rule.
pub async fn read(api: Api, id: RuleId) -> Result<Rule, ApiError> {
    api.get(&format!("/alerts/rules/{id}")).await
}

/// Makes a rule.
pub async fn create(api: Api, rule: &RuleInput) -> Result<Rule, ApiError> {
    api.send(Method::POST, "/alerts/rules", rule).await
}

/// Replaces a rule; refused when somebody changed it since it was `seen`.
pub async fn replace(api: Api, seen: &Rule, rule: &RuleInput) -> Result<Rule, ApiError> {
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

/// Removes a rule.
pub async fn remove(api: Api, id: RuleId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("/alerts/rules/{id}"))
        .await
}
