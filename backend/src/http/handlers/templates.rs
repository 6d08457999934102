//! Templates of messages; never whether one makes sense.

use actix_web::{HttpResponse, Responder, web};
use common::api::list::Page;
use common::api::templates::{
    PreviewTemplate, RestoreTemplate, Template, TemplateInput, TemplatePreview, TemplateVersion,
};
use common::ids::TemplateId;
use common::version::Version;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;

/// The templates, by name.
#[utoipa::path(
    get, path = "/api/v1/notifications/templates", tag = "notifications", params(PageParameters),
    responses((status = 200, description = "A page of templates", body = Page<Template>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let templates = app
        .notifications
        .templates
        .page(&may, paging.after()?, paging.fetch());
    let page = paging.page(templates.await?, |template| template.name.clone());
    Ok(web::Json(page))
}

/// Add a template. One that does not compile, runs too long or says too much is refused with the line.
#[utoipa::path(
    post, path = "/api/v1/notifications/templates", tag = "notifications", request_body = TemplateInput,
    responses(
        (status = 201, description = "Added", body = Template, headers(("ETag" = String), ("Location" = String))),
        (status = 409, description = "There are as many templates as there may be"),
    )
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    body: Body<TemplateInput>,
) -> Result<impl Responder, Problem> {
    let template = app.notifications.templates.create(&may, body.0).await?;
    let location = format!("/api/v1/notifications/templates/{}", template.id);
    let version = Version(template.version);
    Ok(Tagged(template, version).added(&location))
}

/// See what a template says about an alert, or about one that never was.
#[utoipa::path(
    post, path = "/api/v1/notifications/templates/preview", tag = "notifications",
    request_body = PreviewTemplate,
    responses((status = 200, description = "What it says", body = TemplatePreview))
)]
pub(crate) async fn preview(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    body: Body<PreviewTemplate>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(
        app.notifications.templates.preview(&may, body.0).await?,
    ))
}

/// One template.
#[utoipa::path(
    get, path = "/api/v1/notifications/templates/{id}", tag = "notifications",
    params(("id" = TemplateId, Path, description = "The template")),
    responses((status = 200, description = "The template", body = Template, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    id: PathId<TemplateId>,
) -> Result<impl Responder, Problem> {
    let template = app.notifications.templates.get(&may, id.0).await?;
    let version = Version(template.version);
    Ok(Tagged(template, version))
}

/// Replace a template; what it said before is kept. The kind cannot change.
#[utoipa::path(
    put, path = "/api/v1/notifications/templates/{id}", tag = "notifications", request_body = TemplateInput,
    params(
        ("id" = TemplateId, Path, description = "The template"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = Template, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<TemplateId>,
    seen: IfMatch,
    body: Body<TemplateInput>,
) -> Result<impl Responder, Problem> {
    let template = app
        .notifications
        .templates
        .replace(&may, id.0, body.0, seen.0)
        .await?;
    let version = Version(template.version);
    Ok(Tagged(template, version))
}

/// Remove a template. Its channels say what the server says by itself.
#[utoipa::path(
    delete, path = "/api/v1/notifications/templates/{id}", tag = "notifications",
    params(
        ("id" = TemplateId, Path, description = "The template"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<TemplateId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.notifications
        .templates
        .delete(&may, id.0, seen.0)
        .await?;
    Ok(HttpResponse::NoContent())
}

/// What a template says and said, the newest first, all on one page.
#[utoipa::path(
    get, path = "/api/v1/notifications/templates/{id}/versions", tag = "notifications",
    params(("id" = TemplateId, Path, description = "The template")),
    responses((status = 200, description = "Its versions", body = Page<TemplateVersion>))
)]
pub(crate) async fn versions(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    id: PathId<TemplateId>,
) -> Result<impl Responder, Problem> {
    let versions = app.notifications.templates.versions(&may, id.0).await?;
    Ok(web::Json(Page::whole(versions)))
}

/// Have a template say again what it said.
#[utoipa::path(
    post, path = "/api/v1/notifications/templates/{id}/restore", tag = "notifications",
    request_body = RestoreTemplate,
    params(("id" = TemplateId, Path, description = "The template")),
    responses(
        (status = 200, description = "As it is now", body = Template, headers(("ETag" = String))),
        (status = 412, description = "It changed at the same time"),
    )
)]
pub(crate) async fn restore(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<TemplateId>,
    body: Body<RestoreTemplate>,
) -> Result<impl Responder, Problem> {
    let template = app
        .notifications
        .templates
        .restore(&may, id.0, body.0.version)
        .await?;
    let version = Version(template.version);
    Ok(Tagged(template, version))
}
