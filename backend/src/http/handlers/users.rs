//! People as an administrator manages them; never which changes are right.

use actix_web::{HttpResponse, Responder, web};
use common::api::list::Page;
use common::api::users::{NewUser, User, UserPatch};
use common::ids::UserId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;

/// Everyone with a login, by login name.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "people", params(PageParameters),
    responses((status = 200, description = "A page of people", body = Page<User>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    allowed: Allowed<may::UsersWrite>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let users = app
        .auth
        .users(&allowed, paging.after()?, paging.fetch())
        .await?;
    Ok(web::Json(paging.page(users, |user| user.username.clone())))
}

/// Add a person.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "people", request_body = NewUser,
    responses((status = 201, description = "Added", body = User))
)]
pub(crate) async fn add(
    app: web::Data<App>,
    allowed: Allowed<may::UsersWrite>,
    body: Body<NewUser>,
) -> Result<impl Responder, Problem> {
    let (user, version) = app.auth.add_user(&allowed, body.0).await?;
    let location = format!("/api/v1/users/{}", user.id);
    Ok(Tagged(user, version).added(&location))
}

/// One person.
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "people",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, description = "The person", body = User))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    allowed: Allowed<may::UsersWrite>,
    id: PathId<UserId>,
) -> Result<impl Responder, Problem> {
    let (user, version) = app.auth.user(&allowed, id.0).await?;
    Ok(Tagged(user, version))
}

/// Change a person. A new role and other groups count at once; a new password or disabling ends the sessions.
#[utoipa::path(
    patch, path = "/api/v1/users/{id}", tag = "people", request_body = UserPatch,
    params(
        ("id" = UserId, Path, description = "The person"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses(
        (status = 200, description = "As changed", body = User),
        (status = 409, description = "The last administrator has to stay"),
    )
)]
pub(crate) async fn change(
    app: web::Data<App>,
    allowed: Allowed<may::UsersWrite>,
    id: PathId<UserId>,
    seen: IfMatch,
    body: Body<UserPatch>,
) -> Result<impl Responder, Problem> {
    let changed = app.auth.change_user(&allowed, id.0, body.0, seen.0).await?;
    Ok(Tagged(changed.0, changed.1))
}

/// Remove a person.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "people",
    params(
        ("id" = UserId, Path, description = "The person"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "The last administrator has to stay"),
    )
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    allowed: Allowed<may::UsersWrite>,
    id: PathId<UserId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.auth.remove_user(&allowed, id.0, seen.0).await?;
    Ok(HttpResponse::NoContent())
}
