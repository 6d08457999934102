//! Swagger UI over the description of the API, from the binary; never from another site.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::Config;

use crate::http::problem::Problem;

/// Swagger UI styles itself in place; nothing else is relaxed, and only here.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Leads to the documentation's page.
#[utoipa::path(
    get, path = "/api/docs", tag = "about",
    responses((status = 307, description = "To the page"))
)]
pub(crate) async fn index() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, "/api/docs/index.html"))
        .finish()
}

/// A file of the documentation's page.
#[utoipa::path(
    get, path = "/api/docs/{file}", tag = "about",
    params(("file" = String, Path, description = "Its name")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"))
)]
pub(crate) async fn file(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let config = Arc::new(Config::from("/api/v1/openapi.json"));
    let file = utoipa_swagger_ui::serve(&name, config)
        .map_err(|error| Problem::internal(error.to_string()))?
        .ok_or_else(|| Problem::not_found("file"))?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(file.bytes.into_owned()))
}
