//! The door of the live connection; never what is said on it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::http::Connection;
use crate::http::problem::Problem;
use crate::live;

/// Open the live connection (WebSocket). Its first message authenticates.
#[utoipa::path(
    get, path = "/api/v1/ws", tag = "live",
    responses(
        (status = 101, description = "It is open; the messages are described in the documentation"),
        (status = 426, description = "The request is no WebSocket handshake"),
    )
)]
pub(crate) async fn connect(
    app: web::Data<App>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let connection = request.conn_data::<Connection>().cloned();
    let hang_up = Box::new(move || {
        if let Some(connection) = connection {
            connection.shutdown();
        }
    });
    live::upgrade(&app.live, &request, body, hang_up)
        .await
        .map_err(|error| {
            tracing::debug!(%error, "a request for the live connection was no handshake");
            Problem::new(
                StatusCode::UPGRADE_REQUIRED,
                "This path takes only a WebSocket handshake.",
            )
        })
}
