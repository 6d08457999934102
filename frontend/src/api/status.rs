//! How servers fare right now; never history.

use common::api::list::Page;
use common::api::status::RealtimeStatus;

use super::{Api, ApiError};

/// Every server that one may see.
pub async fn realtime(api: Api) -> Result<Vec<RealtimeStatus>, ApiError> {
    let page: Page<RealtimeStatus> = api.get("/status/realtime?limit=500").await?;
    Ok(page.items)
}
