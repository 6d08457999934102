//! The page of metrics; never what is on it.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::auth::Scraper;
use crate::exposition::{Format, Wanted};
use crate::http::extract::{Client, Matches};
use crate::http::problem::Problem;
use crate::query::QueryError;

/// Watchpost's own metrics and the last values of all servers, for Prometheus and others: as Prometheus text or OpenMetrics.
#[utoipa::path(
    get, path = "/metrics", tag = "prometheus",
    params(
        ("match[]" = Option<Vec<String>>, Query, description = "Which series, as for the list of \
            series; several times: those that any means"),
    ),
    responses((status = 200, description = "The page, in the format that `Accept` prefers", content(
        (String = "text/plain"),
        (String = "application/openmetrics-text"),
    )))
)]
pub(crate) async fn page(
    app: web::Data<App>,
    may: Scraper,
    Matches(matches): Matches,
    client: Client,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filters = matches
        .iter()
        .map(|one| one.filter().map_err(QueryError::from));
    let wanted = Wanted::any_of(filters.collect::<Result<_, _>>()?);
    let page = client.waits_for(app.metrics_page(&may, &wanted)).await;
    let page = page.unwrap_or(Err(QueryError::Cancelled.into()))?;
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok());
    let format = Format::accepted(accept.unwrap_or_default());
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header((header::VARY, "Accept"))
        .body(page.write(format)))
}
