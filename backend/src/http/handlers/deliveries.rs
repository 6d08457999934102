//! The log of deliveries; never what a message said.

use actix_web::{Responder, web};
use common::api::deliveries::{
    ChannelStatistics, Delivery, DeliveryDetail, DeliveryFilter, PersonStatistics,
    ResendDeliveries, Resent, StatisticsSpan, TemplateStatistics,
};
use common::api::list::Page;
use common::ids::DeliveryId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, PageParameters, Paging, PathId, Query};
use crate::http::problem::Problem;

const DAYS: u32 = 7;
const MOST_DAYS: u32 = 90;

/// What went to which channel, the youngest first.
#[utoipa::path(
    get, path = "/api/v1/notifications/deliveries", tag = "notifications",
    params(DeliveryFilter, PageParameters),
    responses((status = 200, description = "A page of deliveries", body = Page<Delivery>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    filter: Query<DeliveryFilter>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let (before, limit) = (paging.after()?, paging.fetch());
    let numbered = app
        .notifications
        .deliveries
        .page(&may, filter.0, before, limit)
        .await?;
    let page = paging.page(numbered, |(seq, _)| *seq);
    Ok(web::Json(Page {
        items: page.items.into_iter().map(|(_, one)| one).collect(),
        next_cursor: page.next_cursor,
    }))
}

/// One delivery with its attempts.
#[utoipa::path(
    get, path = "/api/v1/notifications/deliveries/{id}", tag = "notifications",
    params(("id" = DeliveryId, Path, description = "The delivery")),
    responses((status = 200, description = "The delivery", body = DeliveryDetail))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    id: PathId<DeliveryId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(
        app.notifications.deliveries.get(&may, id.0).await?,
    ))
}

/// Have a dead or dropped delivery tried again. Its key stays the same.
#[utoipa::path(
    post, path = "/api/v1/notifications/deliveries/{id}/resend", tag = "notifications",
    params(("id" = DeliveryId, Path, description = "The delivery")),
    responses(
        (status = 200, description = "It is tried again", body = DeliveryDetail),
        (status = 409, description = "It is still tried, or has arrived"),
    )
)]
pub(crate) async fn resend(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<DeliveryId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(
        app.notifications.deliveries.resend(&may, id.0).await?,
    ))
}

/// Have the dead letters tried again, all or those of a channel, the youngest 1,000 at once. Their keys
/// stay the same.
#[utoipa::path(
    post, path = "/api/v1/notifications/deliveries/resend", tag = "notifications",
    request_body = ResendDeliveries,
    responses((status = 200, description = "They are tried again", body = Resent))
)]
pub(crate) async fn resend_all(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    which: Body<ResendDeliveries>,
) -> Result<impl Responder, Problem> {
    let log = &app.notifications.deliveries;
    Ok(web::Json(log.resend_all(&may, which.0).await?))
}

/// How the channels did, made of at most 100,000 deliveries.
#[utoipa::path(
    get, path = "/api/v1/notifications/statistics", tag = "notifications", params(StatisticsSpan),
    responses((status = 200, description = "One entry for each channel", body = Page<ChannelStatistics>))
)]
pub(crate) async fn statistics(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    span: Query<StatisticsSpan>,
) -> Result<impl Responder, Problem> {
    let log = &app.notifications.deliveries;
    let all = log.statistics(&may, days(&span.0)?).await?;
    Ok(web::Json(Page::whole(all)))
}

/// How the templates did, made of at most 100,000 deliveries. Those in the usual words are not among them.
#[utoipa::path(
    get, path = "/api/v1/notifications/statistics/templates", tag = "notifications", params(StatisticsSpan),
    responses((status = 200, description = "One entry for each template that was sent", body = Page<TemplateStatistics>))
)]
pub(crate) async fn template_statistics(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    span: Query<StatisticsSpan>,
) -> Result<impl Responder, Problem> {
    let log = &app.notifications.deliveries;
    let all = log.templates(&may, days(&span.0)?).await?;
    Ok(web::Json(Page::whole(all)))
}

/// How the messages did that went to channels for one person alone, made of at most 100,000 deliveries.
#[utoipa::path(
    get, path = "/api/v1/notifications/statistics/people", tag = "notifications", params(StatisticsSpan),
    responses((status = 200, description = "One entry for each person", body = Page<PersonStatistics>))
)]
pub(crate) async fn person_statistics(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    span: Query<StatisticsSpan>,
) -> Result<impl Responder, Problem> {
    let log = &app.notifications.deliveries;
    let all = log.people(&may, days(&span.0)?).await?;
    Ok(web::Json(Page::whole(all)))
}

fn days(span: &StatisticsSpan) -> Result<u32, Problem> {
    let days = span.days.unwrap_or(DAYS);
    if (1..=MOST_DAYS).contains(&days) {
        return Ok(days);
    }
    let message = format!("not between 1 and {MOST_DAYS}");
    Err(Problem::field("days", message))
}
