//! A picture that follows its message, where none can be in it; never a reason for the message to fail.

use super::{Provider, Way};
use crate::egress::{Answer, Request};
use crate::notify::message::Message;

/// Stores the picture and shows it, when the provider takes it so; why it is not shown.
pub(super) async fn follow(
    provider: &dyn Provider,
    way: &Way,
    message: &Message,
) -> Result<(), String> {
    let Some(upload) = provider.stores(message) else {
        return Ok(());
    };
    let stored = taken(way, upload).await?;
    let shows = provider.shows(message, &stored);
    let shows = shows.ok_or("the answer does not say where it is stored")?;
    taken(way, shows).await.map(drop)
}

async fn taken(way: &Way, request: Request) -> Result<Answer, String> {
    let answer = way.client.skim(request, way.limits).await;
    let answer = answer.map_err(|error| error.to_string())?;
    if answer.status.is_success() {
        Ok(answer)
    } else {
        Err(format!("refused with status {}", answer.status.as_u16()))
    }
}
