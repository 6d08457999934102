//! What the API is and which roles there are; never what it serves.

use actix_web::{HttpResponse, Responder, web};
use common::access::Role;
use common::api::list::Page;
use common::api::root::{ApiRoot, RoleRow};

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::openapi;

/// What this is, where its documentation stands and what the health score is made of.
#[utoipa::path(
    get, path = "/api/v1", tag = "about",
    responses((status = 200, description = "Name, version, links and the weights of the health score", body = ApiRoot))
)]
pub(crate) async fn root(app: web::Data<App>) -> impl Responder {
    web::Json(ApiRoot {
        name: "watchpost".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        docs: "/api/docs".to_owned(),
        openapi: "/api/v1/openapi.json".to_owned(),
        health: app.config.health,
    })
}

/// The description of this API for programs.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "about",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = serde_json::Value))
)]
pub(crate) async fn openapi() -> impl Responder {
    HttpResponse::Ok().json(openapi::document())
}

/// The roles and what each may do.
#[utoipa::path(
    get, path = "/api/v1/roles", tag = "people",
    responses((status = 200, description = "Every role", body = Page<RoleRow>))
)]
pub(crate) async fn roles(_: Allowed<may::SelfOnly>) -> impl Responder {
    let rows = Role::ALL.into_iter().map(|role| RoleRow {
        role,
        permissions: role.permissions().collect(),
    });
    web::Json(Page::whole(rows.collect()))
}
