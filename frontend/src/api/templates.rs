//! What messages say by people's own templates; never their rendering.

use common::api::list::Page;
use common::api::templates::{
    PreviewTemplate, Template, TemplateInput, TemplatePreview, TemplateVersion,
};
use common::ids::TemplateId;
use common::version::Version;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// Every template, by name.
pub async fn list(api: Api) -> Result<Vec<Template>, ApiError> {
    api.list("/notifications/templates").await
}

/// What a template says and said, the newest first.
pub async fn versions(api: Api, id: TemplateId) -> Result<Vec<TemplateVersion>, ApiError> {
    let page: Page<TemplateVersion> = api.get(&format!("{}/versions", path(id))).await?;
    Ok(page.items)
}

/// Makes a template.
pub async fn create(api: Api, template: &TemplateInput) -> Result<Template, ApiError> {
    api.send(Method::POST, "/notifications/templates", template)
        .await
}

/// Replaces a template; refused when somebody changed it since it was `seen`.
pub async fn replace(
    api: Api,
    seen: &Template,
    template: &TemplateInput,
) -> Result<Template, ApiError> {
    let api = api.only_at(Version(seen.version));
    api.send(Method::PUT, &path(seen.id), template).await
}

/// Removes a template; its channels say what the server says by itself.
pub async fn remove(api: Api, id: TemplateId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &path(id)).await
}

/// What a template says about an alert, or about one that never was.
pub async fn preview(api: Api, wanted: &PreviewTemplate) -> Result<TemplatePreview, ApiError> {
    api.send(Method::POST, "/notifications/templates/preview", wanted)
        .await
}

fn path(id: TemplateId) -> String {
    format!("/notifications/templates/{id}")
}
