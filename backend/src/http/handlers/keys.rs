//! API keys: list, make and remove; never a secret but that of a new key.

use actix_web::{HttpResponse, Responder, web};
use common::api::keys::{ApiKey, MadeApiKey, NewApiKey};
use common::api::list::Page;
use common::ids::ApiKeyId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::auth::{Allowed, Whose, may};
use crate::http::extract::{Body, PageParameters, Paging, PathId, Query};
use crate::http::problem::Problem;

/// Whose keys are listed.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhoseParams {
    /// Everyone's instead of the own ones; needs the permission `keys.write_all`.
    #[serde(default)]
    all: bool,
}

/// The own API keys, or everyone's, the newest first.
#[utoipa::path(
    get, path = "/api/v1/api-keys", tag = "login", params(PageParameters, WhoseParams),
    responses((status = 200, description = "A page of keys", body = Page<ApiKey>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    allowed: Allowed<may::SelfOnly>,
    paging: Paging,
    Query(WhoseParams { all }): Query<WhoseParams>,
) -> Result<impl Responder, Problem> {
    let whose = if all { Whose::All } else { Whose::Own };
    let keys = app
        .auth
        .api_keys(&allowed, whose, paging.after()?, paging.fetch())
        .await?;
    Ok(web::Json(paging.page(keys, |key| key.id)))
}

/// Make an API key. Its secret is told in this answer alone.
#[utoipa::path(
    post, path = "/api/v1/api-keys", tag = "login", request_body = NewApiKey,
    responses(
        (status = 201, description = "Made", body = MadeApiKey),
        (status = 409, description = "As many keys as one person may have"),
    )
)]
pub(crate) async fn add(
    app: web::Data<App>,
    allowed: Allowed<may::SelfOnly>,
    body: Body<NewApiKey>,
) -> Result<impl Responder, Problem> {
    let made = app.auth.add_api_key(&allowed, body.0).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Remove one of the own API keys; with the permission `keys.write_all` anybody's.
#[utoipa::path(
    delete, path = "/api/v1/api-keys/{id}", tag = "login",
    params(("id" = ApiKeyId, Path, description = "The key")),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    allowed: Allowed<may::SelfOnly>,
    id: PathId<ApiKeyId>,
) -> Result<impl Responder, Problem> {
    app.auth.remove_api_key(&allowed, id.0).await?;
    Ok(HttpResponse::NoContent())
}
