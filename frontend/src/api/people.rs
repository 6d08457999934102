//! The names of everybody with a login; never more than their names.

use common::api::list::Page;
use common::api::people::Person;

use super::{Api, ApiError};

/// Everybody.
pub async fn list(api: Api) -> Result<Vec<Person>, ApiError> {
    let page: Page<Person> = api.get("/people?limit=500").await?;
    Ok(page.items)
}
