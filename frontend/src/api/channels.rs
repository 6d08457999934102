//! The channels that messages go to; never their secrets, which go in only.

use common::api::channels::{Channel, ChannelInput, ChannelPatch, ChannelTest};
use common::api::deliveries::ChannelStatistics;
use common::api::list::Page;
use common::ids::ChannelId;
use common::version::Version;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// A channel and how it did lately.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The channel.
    pub channel: Channel,
    /// How it did; `None` when nothing went there.
    pub statistics: Option<ChannelStatistics>,
}

/// Every channel, by name.
pub async fn list(api: Api) -> Result<Vec<Channel>, ApiError> {
    api.list("/notifications/channels").await
}

/// Every channel, by name, and how it did over the last week.
pub async fn list_told(api: Api) -> Result<Vec<Told>, ApiError> {
    let channels = list(api).await?;
    let page: Page<ChannelStatistics> = api.get("/notifications/statistics").await?;
    let mut statistics = page.items;
    let told = channels.into_iter().map(|channel| {
        let mut all = statistics.iter();
        let at = all.position(|one| one.channel == Some(channel.id));
        Told {
            statistics: at.map(|at| statistics.swap_remove(at)),
            channel,
        }
    });
    Ok(told.collect())
}

/// Makes a channel.
pub async fn create(api: Api, channel: &ChannelInput) -> Result<Channel, ApiError> {
    api.send(Method::POST, "/notifications/channels", channel)
        .await
}

/// Replaces a channel; refused when somebody changed it since it was `seen`.
pub async fn replace(
    api: Api,
    seen: &Channel,
    channel: &ChannelInput,
) -> Result<Channel, ApiError> {
    let api = api.only_at(Version(seen.version));
    api.send(Method::PUT, &path(seen.id), channel).await
}

/// Switches a channel on or off.
pub async fn enable(api: Api, id: ChannelId, enabled: bool) -> Result<Channel, ApiError> {
    let patch = ChannelPatch {
        enabled: Some(enabled),
        ..ChannelPatch::default()
    };
    api.send(Method::PATCH, &path(id), &patch).await
}

/// Removes a channel; what waits for it is dropped.
pub async fn remove(api: Api, id: ChannelId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &path(id)).await
}

/// Sends a message that says that the channel works; what its provider answers.
pub async fn test(api: Api, id: ChannelId) -> Result<ChannelTest, ApiError> {
    let path = format!("{}/test", path(id));
    api.send(Method::POST, &path, &serde_json::json!({})).await
}

fn path(id: ChannelId) -> String {
    format!("/notifications/channels/{id}")
}
