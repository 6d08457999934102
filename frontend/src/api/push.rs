//! The browsers of a person that are told by Web Push; never those of others.

use common::api::list::Page;
use common::api::push::{PushKey, PushSubscription};
use common::ids::PushSubscriptionId;
use gloo_net::http::Method;

use super::{Api, ApiError, request};

/// The key that browsers subscribe with.
pub async fn key(api: Api) -> Result<PushKey, ApiError> {
    api.get("/notifications/push-key").await
}

/// One's own browsers, the youngest first.
pub async fn list(api: Api) -> Result<Vec<PushSubscription>, ApiError> {
    let page: Page<PushSubscription> = api.get("/notifications/push-subscriptions").await?;
    Ok(page.items)
}

/// Has a browser told from now on; `subscription` is JSON as the browser gives it.
pub async fn add(api: Api, subscription: String) -> Result<PushSubscription, ApiError> {
    let path = "/notifications/push-subscriptions";
    let answer = api.text(Method::POST, path, Some(subscription)).await?;
    request::parse(&answer)
}

/// Has a browser told no more.
pub async fn remove(api: Api, id: PushSubscriptionId) -> Result<(), ApiError> {
    let path = format!("/notifications/push-subscriptions/{id}");
    api.act(Method::DELETE, &path).await
}
