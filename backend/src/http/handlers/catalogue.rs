//! What the built-in metrics are; never their values.

use actix_web::{Responder, web};
use common::api::catalogue::MetricInfo;
use common::api::list::Page;
use common::metric::CATALOGUE;

use crate::auth::{Allowed, may};

/// The built-in metrics, by name, all on one page.
#[utoipa::path(
    get, path = "/api/v1/metrics/catalog", tag = "metrics",
    responses((status = 200, description = "All built-in metrics", body = Page<MetricInfo>))
)]
pub(crate) async fn list(_: Allowed<may::MetricsRead>) -> impl Responder {
    let mut items: Vec<MetricInfo> = CATALOGUE.iter().map(MetricInfo::from).collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    web::Json(Page::whole(items))
}
