//! The whole configuration of alerting as a file; never how a file is read.

use actix_web::http::header;
use actix_web::{HttpResponse, Responder, web};
use common::api::alert_config::{AlertConfig, ConfigImported};

use super::rule_files::{FileForm, HowTaken};
use crate::alerts::WrittenForm;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Query, RuleFileBody};
use crate::http::problem::Problem;

/// The whole configuration of alerting as a file, without secrets: rules, channels, templates, routes, policies, schedules, silences, windows, inhibitions.
#[utoipa::path(
    get, path = "/api/v1/alerts/config", tag = "alerts", params(FileForm),
    responses((status = 200, description = "The file", content(
        (String = "application/toml"),
        (AlertConfig = "application/json"),
    )))
)]
pub(crate) async fn export(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    form: Query<FileForm>,
) -> Result<impl Responder, Problem> {
    let format = form.0.format;
    let text = app.config_files.export(&may, format).await?;
    let ending = match format {
        WrittenForm::Toml => "toml",
        WrittenForm::Json => "json",
    };
    let name = format!("attachment; filename=\"watchpost-alerting.{ending}\"");
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(text))
}

/// Take a file of the whole configuration of alerting, all of it or nothing; what is not in it stays.
#[utoipa::path(
    post, path = "/api/v1/alerts/config", tag = "alerts", params(HowTaken),
    request_body(content(
        (AlertConfig = "application/json"),
        (String = "application/toml"),
    )),
    responses((status = 200, description = "What was done, or would be", body = ConfigImported))
)]
pub(crate) async fn import(
    app: web::Data<App>,
    may: Allowed<may::SettingsWrite>,
    how: Query<HowTaken>,
    file: RuleFileBody,
) -> Result<impl Responder, Problem> {
    let file_read = (file.form, file.text);
    let told = app
        .config_files
        .import(&may, file_read, how.0.into())
        .await?;
    Ok(web::Json(told))
}
