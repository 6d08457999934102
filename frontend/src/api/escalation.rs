//! Escalation policies and on-call schedules; never whom an alert went to.

use common::alert::{OnCallSchedule, Policy, PolicyInput, ScheduleInput, Turn};
use common::api::list::Page;
use common::api::on_call::OnCallNow;
use common::ids::{PolicyId, ScheduleId};
use common::time::UnixMs;
use common::version::Version;
use gloo_net::http::Method;

use super::{Api, ApiError};

const POLICIES: &str = "/alerts/escalation-policies";
const SCHEDULES: &str = "/alerts/schedules";

/// Every policy, the youngest first.
pub async fn policies(api: Api) -> Result<Vec<Policy>, ApiError> {
    let page: Page<Policy> = api.get(&format!("{POLICIES}?limit=500")).await?;
    Ok(page.items)
}

/// Adds a policy, or replaces the one that was seen; refused when somebody changed it meanwhile.
pub async fn keep_policy(
    api: Api,
    seen: Option<(PolicyId, u32)>,
    policy: &PolicyInput,
) -> Result<Policy, ApiError> {
    match seen {
        None => api.send(Method::POST, POLICIES, policy).await,
        Some((id, version)) => {
            let api = api.only_at(Version(version.into()));
            api.send(Method::PUT, &format!("{POLICIES}/{id}"), policy)
                .await
        }
    }
}

/// Removes a policy.
pub async fn remove_policy(api: Api, id: PolicyId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("{POLICIES}/{id}")).await
}

/// Every schedule, the youngest first.
pub async fn schedules(api: Api) -> Result<Vec<OnCallSchedule>, ApiError> {
    let page: Page<OnCallSchedule> = api.get(&format!("{SCHEDULES}?limit=500")).await?;
    Ok(page.items)
}

/// Adds a schedule, or replaces the one that was seen; refused when somebody changed it meanwhile.
pub async fn keep_schedule(
    api: Api,
    seen: Option<(ScheduleId, u32)>,
    schedule: &ScheduleInput,
) -> Result<OnCallSchedule, ApiError> {
    match seen {
        None => api.send(Method::POST, SCHEDULES, schedule).await,
        Some((id, version)) => {
            let api = api.only_at(Version(version.into()));
            api.send(Method::PUT, &format!("{SCHEDULES}/{id}"), schedule)
                .await
        }
    }
}

/// Removes a schedule.
pub async fn remove_schedule(api: Api, id: ScheduleId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("{SCHEDULES}/{id}")).await
}

/// Who is on call now.
pub async fn on_call(api: Api, id: ScheduleId) -> Result<OnCallNow, ApiError> {
    api.get(&format!("{SCHEDULES}/{id}/on-call")).await
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
