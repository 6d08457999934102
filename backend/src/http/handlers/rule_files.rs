//! Rules as files, and copies of them; never how a file is read.

use actix_web::http::header;
use actix_web::{HttpResponse, Responder, web};
use common::api::rules::{Imported, OnExisting, RuleFile, SavedRule};
use common::ids::RuleId;
use common::version::Version;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::alerts::{Import, WrittenForm};
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{PathId, Query, RuleFileBody, Tagged};
use crate::http::problem::Problem;

/// Which form a file of rules has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileForm {
    /// `toml` or `json`.
    #[serde(default)]
    #[param(inline)]
    pub(super) format: WrittenForm,
}

/// How a file is taken.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowTaken {
    /// Nothing is changed; the answer says what would be.
    #[serde(default)]
    dry_run: bool,
    /// What becomes of a rule whose name is taken: `refuse`, `skip` or `replace`.
    #[serde(default)]
    #[param(inline)]
    existing: OnExisting,
}

impl From<HowTaken> for Import {
    fn from(how: HowTaken) -> Self {
        let HowTaken { dry_run, existing } = how;
        Self { existing, dry_run }
    }
}

/// All rules as a file.
#[utoipa::path(
    get, path = "/api/v1/alerts/rules/export", tag = "alerts", params(FileForm),
    responses((status = 200, description = "The file", content(
        (String = "application/toml"),
        (RuleFile = "application/json"),
    )))
)]
pub(crate) async fn export(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    form: Query<FileForm>,
) -> Result<impl Responder, Problem> {
    let format = form.0.format;
    let rules = app.rule_book.all(&may).await?;
    let text = format.write(rules).map_err(Problem::internal)?;
    let name = format!("attachment; filename=\"{}\"", format.file_name());
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(text))
}

/// Take the rules of a file, all of them or none: the own form as TOML or JSON, or a rule file of Prometheus.
#[utoipa::path(
    post, path = "/api/v1/alerts/rules/import", tag = "alerts", params(HowTaken),
    request_body(content(
        (RuleFile = "application/json"),
        (String = "application/toml"),
        (String = "application/yaml"),
    )),
    responses((status = 200, description = "What was done, or would be", body = Imported))
)]
pub(crate) async fn import(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    how: Query<HowTaken>,
    file: RuleFileBody,
) -> Result<impl Responder, Problem> {
    let file = (file.form, file.text);
    let told = app.rule_book.import(&may, file, how.0.into()).await?;
    Ok(web::Json(told))
}

/// Add a copy of a rule, switched off, under a name that is free.
#[utoipa::path(
    post, path = "/api/v1/alerts/rules/{id}/duplicate", tag = "alerts",
    params(("id" = RuleId, Path, description = "The rule")),
    responses((status = 201, description = "The copy", body = SavedRule, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn duplicate(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<RuleId>,
) -> Result<impl Responder, Problem> {
    let rule = app.rule_book.duplicate(&may, id.0).await?;
    let location = format!("/api/v1/alerts/rules/{}", rule.id);
    let version = Version(rule.version.into());
    let saved = app.rule_book.saved(rule).await;
    Ok(Tagged(saved, version).added(&location))
}
