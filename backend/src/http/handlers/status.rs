//! How the servers fare right now; never history.

use actix_web::{Responder, web};
use common::api::list::Page;
use common::api::status::{RealtimeStatus, StatusDetail};
use common::ids::ServerId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{PageParameters, Paging, PathId};
use crate::http::problem::Problem;

/// All servers as they fare now, by name.
#[utoipa::path(
    get, path = "/api/v1/status/realtime", tag = "status",
    params(PageParameters),
    responses((status = 200, description = "A page of servers", body = Page<RealtimeStatus>))
)]
pub(crate) async fn realtime(
    app: web::Data<App>,
    may: Allowed<may::ServersRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let after: Option<String> = paging.after()?;
    let lines = app.fleet.lines(&may, after.as_deref(), paging.fetch());
    Ok(web::Json(paging.page(lines, |line| line.name.clone())))
}

/// A server as it fares now, with what its health is made of.
#[utoipa::path(
    get, path = "/api/v1/status/server/{id}", tag = "status",
    params(("id" = ServerId, Path, description = "The server")),
    responses((status = 200, description = "The server", body = StatusDetail))
)]
pub(crate) async fn server(
    app: web::Data<App>,
    may: Allowed<may::ServersRead>,
    id: PathId<ServerId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.fleet.detail(&may, id.0)?))
}
