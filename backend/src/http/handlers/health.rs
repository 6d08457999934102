//! How the server is, for people and for supervisors; never measured here.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder, Responder, web};
use common::api::root::{Health, HealthStatus};

use crate::app::App;
use crate::http::extract::Visitor;

/// How the server is; details only for those who are logged in.
#[utoipa::path(
    get, path = "/health", tag = "about",
    responses(
        (status = 200, description = "It works, perhaps with losses", body = Health),
        (status = 503, description = "It does not work", body = Health),
    )
)]
pub(crate) async fn health(app: web::Data<App>, visitor: Visitor) -> impl Responder {
    let health = app.health();
    let status = status_code(health.status);
    let health = if visitor.0.is_some() {
        health
    } else {
        public(&health)
    };
    HttpResponseBuilder::new(status).json(health)
}

/// Whether the process answers at all.
#[utoipa::path(
    get, path = "/health/live", tag = "about",
    responses((status = 200, description = "It answers"))
)]
pub(crate) async fn live() -> impl Responder {
    HttpResponse::Ok().finish()
}

/// Whether it can do its work.
#[utoipa::path(
    get, path = "/health/ready", tag = "about",
    responses(
        (status = 200, description = "It can"),
        (status = 503, description = "It cannot"),
    )
)]
pub(crate) async fn ready(app: web::Data<App>) -> impl Responder {
    HttpResponse::new(status_code(app.health().status))
}

fn status_code(status: HealthStatus) -> StatusCode {
    match status {
        HealthStatus::Ok | HealthStatus::Degraded => StatusCode::OK,
        HealthStatus::Failing => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn public(health: &Health) -> Health {
    Health {
        status: health.status,
        version: None,
        uptime_seconds: None,
        checks: None,
        queries: None,
    }
}
