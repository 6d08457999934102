//! Silences, maintenance windows, inhibitions; never whom an alert went to.

use common::alert::{
    Alert, Inhibition, InhibitionInput, LabelMatch, MaintenanceWindow, Silence, SilenceInput,
    WindowInput,
};
use common::api::noise::{SilencePreview, SilencePreviewInput};
use common::ids::{InhibitionId, SilenceId, WindowId};
use gloo_net::http::Method;

use super::{Api, ApiError};

const SILENCES: &str = "/alerts/silences";
const WINDOWS: &str = "/alerts/maintenance-windows";
const INHIBITIONS: &str = "/alerts/inhibitions";

/// The silences, those that are over included, the youngest first; at most 500.
pub async fn silences(api: Api) -> Result<Vec<Silence>, ApiError> {
    api.list(SILENCES).await
}

/// One silence.
pub async fn silence(api: Api, id: SilenceId) -> Result<Silence, ApiError> {
    api.get(&format!("{SILENCES}/{id}")).await
}

/// Adds a silence, or replaces the one that was seen; refused when somebody changed it meanwhile.
pub async fn keep_silence(
    api: Api,
    seen: Option<(SilenceId, u32)>,
    silence: &SilenceInput,
) -> Result<Silence, ApiError> {
    api.keep(SILENCES, seen, silence).await
}

/// Ends a silence now.
pub async fn expire(api: Api, id: SilenceId) -> Result<(), ApiError> {
    api.act(Method::POST, &format!("{SILENCES}/{id}/expire"))
        .await
}

/// The alerts that fire and that a silence with these conditions would hold back.
pub async fn hits(api: Api, matchers: LabelMatch) -> Result<Vec<Alert>, ApiError> {
    let asked = SilencePreviewInput { matchers };
    let path = format!("{SILENCES}/preview");
    let found: SilencePreview = api.send(Method::POST, &path, &asked).await?;
    Ok(found.alerts)
}

/// The maintenance windows, the youngest first; at most 500.
pub async fn windows(api: Api) -> Result<Vec<MaintenanceWindow>, ApiError> {
    api.list(WINDOWS).await
}

/// Adds a window, or replaces the one that was seen; refused when somebody changed it meanwhile.
pub async fn keep_window(
    api: Api,
    seen: Option<(WindowId, u32)>,
    window: &WindowInput,
) -> Result<MaintenanceWindow, ApiError> {
    api.keep(WINDOWS, seen, window).await
}

/// Removes a window.
pub async fn remove_window(api: Api, id: WindowId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("{WINDOWS}/{id}")).await
}

/// The inhibitions, the youngest first; at most 500.
pub async fn inhibitions(api: Api) -> Result<Vec<Inhibition>, ApiError> {
    api.list(INHIBITIONS).await
}

/// Adds an inhibition, or replaces the one that was seen; refused when somebody changed it meanwhile.
pub async fn keep_inhibition(
    api: Api,
    seen: Option<(InhibitionId, u32)>,
    inhibition: &InhibitionInput,
) -> Result<Inhibition, ApiError> {
    api.keep(INHIBITIONS, seen, inhibition).await
}

/// Removes an inhibition.
pub async fn remove_inhibition(api: Api, id: InhibitionId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("{INHIBITIONS}/{id}"))
        .await
}
