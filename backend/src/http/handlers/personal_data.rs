//! All that is kept about a person, as a file; never what a person did with servers.

use actix_web::http::header;
use actix_web::{HttpResponse, Responder, web};
use common::api::list::Page;
use common::api::personal_data::{Consent, PersonalData};
use common::ids::UserId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::PathId;
use crate::http::problem::Problem;

/// All that is kept about oneself, as a file.
#[utoipa::path(
    get, path = "/api/v1/auth/me/personal-data", tag = "login",
    responses((status = 200, description = "The file", body = PersonalData))
)]
pub(crate) async fn own(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    Ok(file(&app.notifications.personal.own(&may).await?))
}

/// All that is kept about a person, as a file.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/personal-data", tag = "people",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, description = "The file", body = PersonalData))
)]
pub(crate) async fn of(
    app: web::Data<App>,
    may: Allowed<may::UsersWrite>,
    id: PathId<UserId>,
) -> Result<impl Responder, Problem> {
    Ok(file(&app.notifications.personal.of(&may, id.0).await?))
}

/// By what one wanted to be told, from when and until when, the newest first.
#[utoipa::path(
    get, path = "/api/v1/notifications/consents", tag = "notifications",
    responses((status = 200, description = "All of them", body = Page<Consent>))
)]
pub(crate) async fn consents(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    let consents = app.notifications.personal.consents(&may).await?;
    Ok(web::Json(Page::whole(consents)))
}

fn file(data: &PersonalData) -> HttpResponse {
    let name = &data.user.username;
    let name = format!("attachment; filename=\"watchpost-personal-data-{name}.json\"");
    HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, name))
        .json(data)
}
