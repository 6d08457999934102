//! Watched servers; never their samples over time.

use common::api::servers::{Monitoring, ProcessList, Server};
use common::ids::ServerId;
use common::time::UnixMs;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// One server.
pub async fn read(api: Api, id: ServerId) -> Result<Server, ApiError> {
    api.get(&format!("/servers/{id}")).await
}

/// The busiest processes at a moment, as far as they were kept.
pub async fn processes(api: Api, id: ServerId, at: UnixMs) -> Result<ProcessList, ApiError> {
    api.get(&format!("/servers/{id}/processes?at={}", at.0))
        .await
}

/// Starts or stops the monitoring of a server.
pub async fn set_monitoring(api: Api, id: ServerId, next: Monitoring) -> Result<(), ApiError> {
    let verb = match next {
        Monitoring::Running => "start",
        Monitoring::Stopped => "stop",
    };
    api.act(Method::POST, &format!("/servers/{id}/monitor/{verb}"))
        .await
}
