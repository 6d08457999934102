//! Watched servers; never their samples over time.

use common::api::servers::Server;
use common::ids::ServerId;

use super::{Api, ApiError};

/// One server.
pub async fn read(api: Api, id: ServerId) -> Result<Server, ApiError> {
    api.get(&format!("/servers/{id}")).await
}
