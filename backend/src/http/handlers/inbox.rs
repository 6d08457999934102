//! A person's own inbox; never anybody else's.

use actix_web::{HttpResponse, Responder, web};
use common::api::inbox::{Inbox, InboxItem};
use common::ids::InboxItemId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{PageParameters, Paging, PathId};
use crate::http::problem::Problem;

/// One's own messages, the newest first, and how many are unread in all.
#[utoipa::path(
    get, path = "/api/v1/notifications/inbox", tag = "notifications", params(PageParameters),
    responses((status = 200, description = "A page of messages", body = Inbox))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let (unread, items) = app
        .inbox
        .page(&may, paging.after()?, paging.fetch())
        .await?;
    let page = paging.page(items, |item| item.id);
    Ok(web::Json(Inbox {
        items: page.items,
        next_cursor: page.next_cursor,
        unread,
    }))
}

/// Mark one message as read. Doing it again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/notifications/inbox/{id}/read", tag = "notifications",
    params(("id" = InboxItemId, Path, description = "The message")),
    responses((status = 200, description = "The message afterwards", body = InboxItem))
)]
pub(crate) async fn read(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
    id: PathId<InboxItemId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.inbox.mark_read(&may, id.0).await?))
}

/// Mark all one's own messages as read.
#[utoipa::path(
    post, path = "/api/v1/notifications/inbox/read", tag = "notifications",
    responses((status = 204, description = "All are read"))
)]
pub(crate) async fn read_all(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    app.inbox.mark_all_read(&may).await?;
    Ok(HttpResponse::NoContent())
}
