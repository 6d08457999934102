//! Exporters that are scraped; never what they say.

use common::api::list::Page;
use common::api::scrape::ScrapeTarget;

use super::{Api, ApiError};

/// All targets, by job and address.
pub async fn targets(api: Api) -> Result<Vec<ScrapeTarget>, ApiError> {
    let page: Page<ScrapeTarget> = api.get("/scrape/targets").await?;
    Ok(page.items)
}
