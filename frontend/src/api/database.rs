//! What the databases hold; never a row of them.

use common::api::database::Storage;

use super::{Api, ApiError};

/// What is stored and how it goes on.
pub async fn storage(api: Api) -> Result<Storage, ApiError> {
    api.get("/database").await
}
