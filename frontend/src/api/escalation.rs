//! Escalation policies and on-call schedules; never whom an alert went to.

use common::alert::{OnCallSchedule, Policy, PolicyInput, ScheduleInput, Turn};
use common::api::list::Page;
use common::ids::{PolicyId, ScheduleId};
use common::time::UnixMs;
use gloo_net::http::Method;

use super::{Api, ApiError};

const POLICIES: &str = "/alerts/escalation-policies";
const SCHEDULES: &str = "/alerts/schedules";

/// Every policy, the youngest first.
pub async fn policies(api: Api) -> Result<Vec<Policy>, ApiError> {
    api.list(POLICIES).await
}

/// Adds a policy, or replaces the one that was seen; refused when somebody changed it meanwhile.
pub async fn keep_policy(
    api: Api,
    seen: Option<(PolicyId, u32)>,
    policy: &PolicyInput,
) -> Result<Policy, ApiError> {
    api.keep(POLICIES, seen, policy).await
}

/// Removes a policy.
pub async fn remove_policy(api: Api, id: PolicyId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("{POLICIES}/{id}")).await
}

/// Every schedule, the youngest first.
pub async fn schedules(api: Api) -> Result<Vec<OnCallSchedule>, ApiError> {
    api.list(SCHEDULES).await
}

/// Adds a schedule, or replaces the one that was seen; refused when somebody changed it meanwhile.
pub async fn keep_schedule(
    api: Api,
    seen: Option<(ScheduleId, u32)>,
    schedule: &ScheduleInput,
) -> Result<OnCallSchedule, ApiError> {
    api.keep(SCHEDULES, seen, schedule).await
}

/// Removes a schedule.
pub async fn remove_schedule(api: Api, id: ScheduleId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("{SCHEDULES}/{id}")).await
}

/// The turns of a time.
pub async fn turns(
    api: Api,
    id: ScheduleId,
    from: UnixMs,
    to: UnixMs,
) -> Result<Vec<Turn>, ApiError> {
    let path = format!("{SCHEDULES}/{id}/final?from={}&to={}", from.0, to.0);
    let page: Page<Turn> = api.get(&path).await?;
    Ok(page.items)
}
