//! Routes of messages, and where an alert would go; never escalation policies.

use common::alert::{Route, RouteInput};
use common::api::routes::{RouteDryRun, RouteDryRunInput};
use common::ids::RouteId;
use gloo_net::http::Method;

use super::{Api, ApiError};

const ROUTES: &str = "/notifications/routes";

/// The routes in the order in which they are asked; at most 500.
pub async fn list(api: Api) -> Result<Vec<Route>, ApiError> {
    let mut routes: Vec<Route> = api.list(ROUTES).await?;
    routes.sort_by_key(|it| (it.input.position, it.created_at, it.id));
    Ok(routes)
}

/// Adds a route, or replaces the one that was seen; refused when somebody changed it meanwhile.
pub async fn keep(
    api: Api,
    seen: Option<(RouteId, u32)>,
    route: &RouteInput,
) -> Result<Route, ApiError> {
    api.keep(ROUTES, seen, route).await
}

/// Removes a route.
pub async fn remove(api: Api, id: RouteId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("{ROUTES}/{id}")).await
}

/// Where an alert would go.
pub async fn dry_run(api: Api, asked: &RouteDryRunInput) -> Result<RouteDryRun, ApiError> {
    api.send(Method::POST, &format!("{ROUTES}/dry-run"), asked)
        .await
}
