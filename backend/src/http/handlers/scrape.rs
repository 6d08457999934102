//! Exporters that are scraped; never what they said.

use actix_web::{Responder, web};
use common::api::list::Page;
use common::api::scrape::ScrapeTarget;

use crate::app::App;
use crate::auth::{Allowed, may};

/// The targets of all scrape jobs and how their last scrapes went, by job and address, on one page.
#[utoipa::path(
    get, path = "/api/v1/scrape/targets", tag = "metrics",
    responses((status = 200, description = "All targets", body = Page<ScrapeTarget>))
)]
pub(crate) async fn targets(
    app: web::Data<App>,
    allowed: Allowed<may::MetricsRead>,
) -> impl Responder {
    web::Json(Page::whole(app.scrape_targets(&allowed)))
}
