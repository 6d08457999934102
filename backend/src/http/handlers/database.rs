//! What the databases hold; never a row of them.

use actix_web::{Responder, web};
use common::api::database::Storage;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::problem::Problem;

/// What is stored, by kind, how it grows, when the disk is full, and what other retention would save.
#[utoipa::path(
    get, path = "/api/v1/database", tag = "database",
    responses((status = 200, description = "What is stored", body = Storage))
)]
pub(crate) async fn storage(
    app: web::Data<App>,
    allowed: Allowed<may::DatabaseManage>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.storage(&allowed).await?))
}
