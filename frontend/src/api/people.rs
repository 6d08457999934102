//! The names of everybody with a login; never more than their names.

use common::api::people::Person;

use super::{Api, ApiError};

/// Everybody.
pub async fn list(api: Api) -> Result<Vec<Person>, ApiError> {
    api.list("/people").await
}
