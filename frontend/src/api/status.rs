//! How servers fare right now; never history.

use common::api::status::RealtimeStatus;

use super::{Api, ApiError};

/// Every server that one may see.
pub async fn realtime(api: Api) -> Result<Vec<RealtimeStatus>, ApiError> {
    api.list("/status/realtime").await
}
