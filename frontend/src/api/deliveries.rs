//! What went to which channel; never what a message said.

use common::api::deliveries::{
    Delivery, DeliveryDetail, DeliveryFilter, DeliveryState, PersonStatistics, ResendDeliveries,
    Resent, TemplateStatistics,
};
use common::api::list::Page;
use common::ids::DeliveryId;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// How many deliveries a page of the log has.
const PAGE: u32 = 50;

/// The name of a state in addresses.
pub const fn state_name(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Due => "due",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Dead => "dead",
        DeliveryState::Dropped => "dropped",
    }
}

/// How the templates did that were sent in the last week.
pub async fn template_statistics(api: Api) -> Result<Vec<TemplateStatistics>, ApiError> {
    let page: Page<TemplateStatistics> = api.get("/notifications/statistics/templates").await?;
    Ok(page.items)
}

/// How the messages of the last week did that went to one person alone.
pub async fn person_statistics(api: Api) -> Result<Vec<PersonStatistics>, ApiError> {
    let page: Page<PersonStatistics> = api.get("/notifications/statistics/people").await?;
    Ok(page.items)
}

/// A page of the log, the youngest first.
pub async fn page(
    api: Api,
    filter: &DeliveryFilter,
    cursor: Option<&str>,
) -> Result<Page<Delivery>, ApiError> {
    let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
    let filter = parameters(filter);
    api.get(&format!(
        "/notifications/deliveries?limit={PAGE}{filter}{cursor}"
    ))
    .await
}

/// One delivery with its attempts.
pub async fn read(api: Api, id: DeliveryId) -> Result<DeliveryDetail, ApiError> {
    api.get(&format!("/notifications/deliveries/{id}")).await
}

/// Has a dead or dropped delivery tried again.
pub async fn resend(api: Api, id: DeliveryId) -> Result<DeliveryDetail, ApiError> {
    let path = format!("/notifications/deliveries/{id}/resend");
    api.send(Method::POST, &path, &serde_json::json!({})).await
}

/// Has all dead letters tried again, or those of one channel.
pub async fn resend_all(api: Api, which: &ResendDeliveries) -> Result<Resent, ApiError> {
    api.send(Method::POST, "/notifications/deliveries/resend", which)
        .await
}

/// The filter as parameters of an address, each with `&` before it.
pub fn parameters(filter: &DeliveryFilter) -> String {
    let parameters = [
        ("channel", filter.channel.map(|it| it.to_string())),
        ("state", filter.state.map(|it| state_name(it).to_owned())),
        ("alert", filter.alert.map(|it| it.to_string())),
    ];
    parameters
        .into_iter()
        .filter_map(|(name, value)| Some(format!("&{name}={}", value?)))
        .collect()
}
