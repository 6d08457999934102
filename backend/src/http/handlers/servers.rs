//! Watched servers; never how samples are taken.

use actix_web::{Responder, web};
use common::api::list::Page;
use common::api::servers::{LatestSample, Monitoring, ProcessList, Server, ServerPatch};
use common::ids::ServerId;
use common::time::UnixMs;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Query, Tagged};
use crate::http::problem::Problem;

/// Which moment is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Moment {
    /// RFC 3339 or milliseconds since 1970; without it the last reading.
    #[param(value_type = Option<String>)]
    at: Option<UnixMs>,
}

/// The watched servers, by name.
#[utoipa::path(
    get, path = "/api/v1/servers", tag = "servers",
    params(PageParameters),
    responses((status = 200, description = "A page of servers", body = Page<Server>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::ServersRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let after: Option<String> = paging.after()?;
    let servers = app.fleet.list(&may, after.as_deref(), paging.fetch());
    Ok(web::Json(
        paging.page(servers, |server| server.name.clone()),
    ))
}

/// One server.
#[utoipa::path(
    get, path = "/api/v1/servers/{id}", tag = "servers",
    params(("id" = ServerId, Path, description = "The server")),
    responses((status = 200, description = "The server", body = Server, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::ServersRead>,
    id: PathId<ServerId>,
) -> Result<impl Responder, Problem> {
    let (server, version) = app.fleet.get(&may, id.0)?;
    Ok(Tagged(server, version))
}

/// Change settings of a server: its group.
#[utoipa::path(
    patch, path = "/api/v1/servers/{id}", tag = "servers", request_body = ServerPatch,
    params(
        ("id" = ServerId, Path, description = "The server"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The server afterwards", body = Server, headers(("ETag" = String))))
)]
pub(crate) async fn change(
    app: web::Data<App>,
    may: Allowed<may::ServersWrite>,
    id: PathId<ServerId>,
    seen: IfMatch,
    body: Body<ServerPatch>,
) -> Result<impl Responder, Problem> {
    let (server, version) = app.fleet.patch(&may, id.0, body.0, seen.0).await?;
    Ok(Tagged(server, version))
}

/// Watches a server that is not watched, or stops watching it.
#[utoipa::path(
    post, path = "/api/v1/servers/{id}/toggle", tag = "servers",
    params(
        ("id" = ServerId, Path, description = "The server"),
        ("If-Match" = Option<String>, Header, description = "Only when the server is still at this `ETag`"),
    ),
    responses(
        (status = 200, description = "The server afterwards", body = Server, headers(("ETag" = String))),
        (status = 412, description = "It was changed in the meantime",
            body = common::problem::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn toggle(
    app: web::Data<App>,
    may: Allowed<may::ServersWrite>,
    id: PathId<ServerId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    let (server, version) = app.fleet.toggle(&may, id.0, seen.0).await?;
    Ok(Tagged(server, version))
}

/// Takes and stores samples of a server again.
#[utoipa::path(
    post, path = "/api/v1/servers/{id}/monitor/start", tag = "servers",
    params(("id" = ServerId, Path, description = "The server")),
    responses((status = 200, description = "The server afterwards", body = Server, headers(("ETag" = String))))
)]
pub(crate) async fn start(
    app: web::Data<App>,
    may: Allowed<may::MonitoringControl>,
    id: PathId<ServerId>,
) -> Result<impl Responder, Problem> {
    let (server, version) = app.fleet.monitor(&may, id.0, Monitoring::Running).await?;
    Ok(Tagged(server, version))
}

/// Stores no more samples of a server, until it is started again.
#[utoipa::path(
    post, path = "/api/v1/servers/{id}/monitor/stop", tag = "servers",
    params(("id" = ServerId, Path, description = "The server")),
    responses((status = 200, description = "The server afterwards", body = Server, headers(("ETag" = String))))
)]
pub(crate) async fn stop(
    app: web::Data<App>,
    may: Allowed<may::MonitoringControl>,
    id: PathId<ServerId>,
) -> Result<impl Responder, Problem> {
    let (server, version) = app.fleet.monitor(&may, id.0, Monitoring::Stopped).await?;
    Ok(Tagged(server, version))
}

/// The newest sample of a server; all readings are null when there is none yet.
#[utoipa::path(
    get, path = "/api/v1/servers/{id}/metrics", tag = "servers",
    params(("id" = ServerId, Path, description = "The server")),
    responses((status = 200, description = "The newest sample", body = LatestSample))
)]
pub(crate) async fn latest(
    app: web::Data<App>,
    may: Allowed<may::ServersRead>,
    id: PathId<ServerId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.fleet.latest(&may, id.0)?))
}

/// The busiest processes of a server, now or at a moment up to a minute after they were read.
#[utoipa::path(
    get, path = "/api/v1/servers/{id}/processes", tag = "servers",
    params(("id" = ServerId, Path, description = "The server"), Moment),
    responses((status = 200, description = "The processes", body = ProcessList))
)]
pub(crate) async fn processes(
    app: web::Data<App>,
    may: Allowed<may::ServersRead>,
    id: PathId<ServerId>,
    moment: Query<Moment>,
) -> Result<impl Responder, Problem> {
    let list = app.fleet.processes(&may, id.0, moment.0.at).await?;
    Ok(web::Json(list))
}
