//! Which series and labels there are, as Prometheus tells it; never a sample.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::fleet::Listing;
use crate::http::extract::{Client, Parameters};
use crate::http::problem::Problem;
use crate::http::prom::{self, Fault, PromAnswer};
use crate::query::QueryError;
use crate::query::promql::EvaluateError;

/// The series that selectors mean and that have samples from `start` to `end`, by their labels.
///
/// Told to the hour: series with samples in an hour of which the range has a part count. Without `start`
/// and `end` all that there are.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/series", tag = "prometheus",
    params(
        ("match[]" = Vec<String>, Query, description = "Which series, like `up{job=\"node\"}`; several \
            times: those that any means; `server` selects by the name of a server"),
        ("start" = Option<String>, Query, description = "Seconds since 1970, or RFC 3339"),
        ("end" = Option<String>, Query, description = "Seconds since 1970, or RFC 3339"),
        ("limit" = Option<u64>, Query, description = "How many at most; 0 for all"),
    ),
    responses((status = 200, description = "The labels of each", body = PromAnswer))
)]
pub(crate) async fn series(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    if form.all("match[]").next().is_none() {
        return Err(Fault::BadData.because("no match[] parameter provided"));
    }
    let (limit, listing) = listing(&form)?;
    let found = app.fleet.label_sets(&may, &app.query, listing);
    let found = client.waits_for(found).await.unwrap_or_else(nobody)?;
    Ok(prom::list(found.iter(), limit, |body, one| {
        prom::labels(body, one);
    }))
}

/// The series that selectors mean; the parameters of `GET` as a form.
#[utoipa::path(
    post, path = "/api/v1/prom/api/v1/series", tag = "prometheus",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The labels of each", body = PromAnswer))
)]
pub(crate) async fn series_by_form(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    series(app, may, form, client).await
}

/// The names of labels that series have.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/labels", tag = "prometheus",
    params(
        ("match[]" = Option<Vec<String>>, Query, description = "Which series; all unless told"),
        ("start" = Option<String>, Query, description = "Seconds since 1970, or RFC 3339"),
        ("end" = Option<String>, Query, description = "Seconds since 1970, or RFC 3339"),
        ("limit" = Option<u64>, Query, description = "How many at most; 0 for all"),
    ),
    responses((status = 200, description = "The names", body = PromAnswer))
)]
pub(crate) async fn labels(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    let (limit, listing) = listing(&form)?;
    let found = app.fleet.label_names(&may, &app.query, listing);
    let found = client.waits_for(found).await.unwrap_or_else(nobody)?;
    Ok(prom::list(found.iter(), limit, |body, one| {
        prom::json(body, one);
    }))
}

/// The names of labels that series have; the parameters of `GET` as a form.
#[utoipa::path(
    post, path = "/api/v1/prom/api/v1/labels", tag = "prometheus",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The names", body = PromAnswer))
)]
pub(crate) async fn labels_by_form(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    labels(app, may, form, client).await
}

/// The values that a label has.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/label/{name}/values", tag = "prometheus",
    params(
        ("name" = String, Path, description = "The label; `__name__` for the names of metrics"),
        ("match[]" = Option<Vec<String>>, Query, description = "Of which series; all unless told"),
        ("start" = Option<String>, Query, description = "Seconds since 1970, or RFC 3339"),
        ("end" = Option<String>, Query, description = "Seconds since 1970, or RFC 3339"),
        ("limit" = Option<u64>, Query, description = "How many at most; 0 for all"),
    ),
    responses((status = 200, description = "The values", body = PromAnswer))
)]
pub(crate) async fn label_values(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    name: web::Path<String>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    let (limit, listing) = listing(&form)?;
    let name = name.into_inner();
    let found = app.fleet.label_values(&may, &app.query, listing, name);
    let found = client.waits_for(found).await.unwrap_or_else(nobody)?;
    Ok(prom::list(found.iter(), limit, |body, one| {
        prom::json(body, one);
    }))
}

/// What is asked about, and how many answers are given at most.
fn listing(form: &Parameters) -> Result<(usize, Listing), Problem> {
    let limit = prom::limit(form.get("limit"))?;
    let (start, end) = (form.get("start"), form.get("end"));
    let is_bounded = !start.is_empty() || !end.is_empty();
    let range = prom::time_or("start", start, i64::MIN)?
        ..prom::time_or("end", end, i64::MAX)?.saturating_add(1);
    let listing = Listing {
        matches: prom::matches(form)?,
        range: is_bounded.then_some(range),
    };
    Ok((limit, listing))
}

/// The answer to a client that has gone.
fn nobody<T>() -> Result<T, EvaluateError> {
    Err(QueryError::Cancelled.into())
}
