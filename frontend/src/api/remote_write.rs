//! Receivers of remote writes; never what is sent to them.

use common::api::remote_write::{Receiver, Receivers};

use super::{Api, ApiError};

/// All receivers, in the order of the settings.
pub async fn receivers(api: Api) -> Result<Vec<Receiver>, ApiError> {
    let all: Receivers = api.get("/remote-write").await?;
    Ok(all.items)
}
