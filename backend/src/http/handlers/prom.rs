//! Questions in PromQL as Prometheus takes them; never how they are answered.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::fleet::Asking;
use crate::http::extract::{Client, Parameters};
use crate::http::problem::Problem;
use crate::http::prom::{self, Asked, Fault, Notes, PromAnswer, Stats};
use crate::query::QueryError;
use crate::query::promql::At;

/// Points that a series of an answer may have, as in Prometheus.
const MOST_POINTS: i64 = 11_000;

/// What an expression in PromQL is worth at one moment.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/query", tag = "prometheus",
    params(
        ("query" = String, Query, description = "The expression"),
        ("time" = Option<String>, Query, description = "When: seconds since 1970, or RFC 3339; now unless told"),
        ("timeout" = Option<String>, Query, description = "How long the answer may take, like `10s`"),
        ("limit" = Option<u64>, Query, description = "How many series at most; 0 for all"),
        ("lookback_delta" = Option<String>, Query, description = "How far back a sample is looked for; `5m` unless told"),
        ("stats" = Option<String>, Query, description = "Anything: the answer tells what it took"),
    ),
    responses((status = 200, description = "A scalar, a string, a vector or a matrix", body = PromAnswer))
)]
pub(crate) async fn query(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    prom::limit(form.get("limit"))?;
    let at = prom::time_or("time", form.get("time"), app.clock.now().0)?;
    evaluate(&app, &may, &form, client, At::Instant(at)).await
}

/// What an expression in PromQL is worth at one moment; the parameters of `GET` as a form.
#[utoipa::path(
    post, path = "/api/v1/prom/api/v1/query", tag = "prometheus",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A scalar, a string, a vector or a matrix", body = PromAnswer))
)]
pub(crate) async fn query_by_form(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    query(app, may, form, client).await
}

/// What an expression in PromQL is worth at many moments at equal distances.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/query_range", tag = "prometheus",
    params(
        ("query" = String, Query, description = "The expression"),
        ("start" = String, Query, description = "The first moment: seconds since 1970, or RFC 3339"),
        ("end" = String, Query, description = "The last moment at most"),
        ("step" = String, Query, description = "From one moment to the next: seconds, or like `15s`; \
            11,000 points a series at most"),
        ("timeout" = Option<String>, Query, description = "How long the answer may take, like `10s`"),
        ("limit" = Option<u64>, Query, description = "How many series at most; 0 for all"),
        ("lookback_delta" = Option<String>, Query, description = "How far back a sample is looked for; `5m` unless told"),
        ("stats" = Option<String>, Query, description = "Anything: the answer tells what it took"),
    ),
    responses((status = 200, description = "A matrix", body = PromAnswer))
)]
pub(crate) async fn query_range(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    let at = range(&form)?;
    evaluate(&app, &may, &form, client, at).await
}

/// What an expression in PromQL is worth at many moments; the parameters of `GET` as a form.
#[utoipa::path(
    post, path = "/api/v1/prom/api/v1/query_range", tag = "prometheus",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A matrix", body = PromAnswer))
)]
pub(crate) async fn query_range_by_form(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
    client: Client,
) -> Result<HttpResponse, Problem> {
    query_range(app, may, form, client).await
}

/// The moments of a range, checked in the order in which Prometheus checks them.
fn range(form: &Parameters) -> Result<At, Problem> {
    let time =
        |name: &str| prom::time_ms(form.get(name)).map_err(|error| Fault::parameter(name, error));
    prom::limit(form.get("limit"))?;
    let (start_ms, end_ms) = (time("start")?, time("end")?);
    if end_ms < start_ms {
        let what = "end timestamp must not be before start time";
        return Err(Fault::parameter("end", what));
    }
    let step = prom::duration_ms(form.get("step"));
    let step_ms = step.map_err(|error| Fault::parameter("step", error))?;
    if step_ms <= 0 {
        let what = "zero or negative query resolution step widths are not accepted. Try a positive integer";
        return Err(Fault::parameter("step", what));
    }
    if end_ms.saturating_sub(start_ms) / step_ms > MOST_POINTS {
        return Err(Fault::BadData.because(
            "exceeded maximum resolution of 11,000 points per timeseries. \
             Try decreasing the query resolution (?step=XX)",
        ));
    }
    Ok(At::Range {
        start_ms,
        end_ms,
        step_ms,
    })
}

async fn evaluate(
    app: &App,
    may: &Allowed<may::MetricsRead>,
    form: &Parameters,
    client: Client,
    at: At,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::read(&app.query, form)?;
    let began = app.clock.monotonic();
    let asking = Asking {
        expression: asked.expression,
        at,
        lookback_ms: asked.lookback_ms,
        timeout: asked.timeout,
    };
    let work = app.fleet.evaluate(may, &app.query, asking);
    let nobody = || Err(QueryError::Cancelled.into());
    let done = client.waits_for(work).await.unwrap_or_else(nobody)?;
    let stats = asked.with_stats.then(|| Stats {
        seconds: app.clock.monotonic().saturating_sub(began).as_secs_f64(),
        series: done.series_read,
        samples: done.samples_read,
    });
    let notes = Notes {
        warnings: done.warnings,
        infos: done.infos,
    };
    prom::value(done.value, asked.limit, stats, notes).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_checked_as_prometheus_checks_them() {
        for (query, said) in [
            ("start=0&end=11000&step=1", None),
            ("start=0&end=11000&step=1s&limit=5", None),
            ("start=0&end=0&step=0.001", None),
            (
                "end=1&step=1",
                Some("invalid parameter \"start\": cannot parse \"\" to a valid timestamp"),
            ),
            (
                "start=x&end=1&step=1",
                Some("invalid parameter \"start\": cannot parse \"x\" to a valid timestamp"),
            ),
            (
                "start=0&step=1",
                Some("invalid parameter \"end\": cannot parse \"\" to a valid timestamp"),
            ),
            (
                "start=2&end=1&step=1",
                Some("invalid parameter \"end\": end timestamp must not be before start time"),
            ),
            (
                "start=0&end=1",
                Some("invalid parameter \"step\": cannot parse \"\" to a valid duration"),
            ),
            (
                "start=0&end=1&step=0",
                Some(
                    "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
                ),
            ),
            (
                "start=0&end=1&step=-1",
                Some(
                    "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
                ),
            ),
            (
                "start=0&end=11001&step=1",
                Some(
                    "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
                ),
            ),
            (
                "limit=-1&start=x",
                Some("invalid parameter \"limit\": limit must be non-negative"),
            ),
        ] {
            let form = Parameters::of(query);
            let problem = range(&form).err().map(|problem| problem.to_string());
            assert_eq!(problem.as_deref(), said, "{query}");
        }
    }
}
