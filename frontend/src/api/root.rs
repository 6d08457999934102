//! What the server says about itself; never about what it watches.

use common::api::root::ApiRoot;

use super::{Api, ApiError};

/// Reads it.
pub async fn read(api: Api) -> Result<ApiRoot, ApiError> {
    api.get("").await
}
