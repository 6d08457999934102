//! The whole configuration of alerting as a file; never one part of it.

use common::api::alert_config::ConfigImported;
use gloo_net::http::Method;

use super::request::parse;
use super::{Api, ApiError, ChosenFile, SavedFile};

const PATH: &str = "/alerts/config";

/// The file, `toml` or `json`.
pub async fn export(api: Api, format: &str) -> Result<SavedFile, ApiError> {
    api.file(&format!("{PATH}?format={format}")).await
}

/// Takes a file whole, what is there replaced; only tried when `dry_run`.
pub async fn import(api: Api, file: ChosenFile, dry_run: bool) -> Result<ConfigImported, ApiError> {
    let path = format!("{PATH}?existing=replace&dry_run={dry_run}");
    let answer = api
        .of_kind(file.kind)
        .text(Method::POST, &path, Some(file.text));
    parse(&answer.await?)
}
