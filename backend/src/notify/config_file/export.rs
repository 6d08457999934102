//! The whole configuration into a file; never a secret.

use std::collections::HashSet;

use common::alert::Rule;
use common::api::alert_config::{ALERT_CONFIG_VERSION, AlertConfig, ConfigEntry, ConfigPerson};
use common::api::channels::ChannelInput;
use common::api::templates::TemplateInput;
use common::time::UnixMs;
use serde_json::Value;

use super::error::ConfigError;
use super::ids::ids_in;
use crate::alerts::WrittenForm;
use crate::alerts::noise::{Document, documents};
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::template::TemplateRow;
use crate::store::{Connection, StoreError, tables};

/// All that is configured and not over.
pub(super) fn whole(conn: &mut Connection, now: UnixMs) -> Result<AlertConfig, StoreError> {
    let templates = tables::template::page(conn, None, i64::MAX)?;
    let rules = tables::rule::all(conn)?.into_iter().map(Rule::from);
    let mut config = AlertConfig {
        version: ALERT_CONFIG_VERSION,
        people: Vec::new(),
        templates: templates.into_iter().map(template).collect(),
        channels: tables::channel::all(conn)?
            .into_iter()
            .map(channel)
            .collect(),
        schedules: entries(conn, now)?,
        policies: entries(conn, now)?,
        routes: entries(conn, now)?,
        inhibitions: entries(conn, now)?,
        maintenance_windows: entries(conn, now)?,
        silences: entries(conn, now)?,
        rules: rules.map(|rule| rule.input).collect(),
    };
    let mut meant = HashSet::new();
    let value = serde_json::to_value(&config).unwrap_or_default();
    ids_in(&value, &mut meant);
    let people = tables::user::all(conn)?.into_iter();
    let people = people.filter(|row| meant.contains(&row.id.0.0));
    config.people = people
        .map(|row| ConfigPerson {
            id: row.id.0,
            username: row.username,
        })
        .collect();
    Ok(config)
}

fn entries<D: Document>(
    conn: &mut Connection,
    now: UnixMs,
) -> Result<Vec<ConfigEntry<D>>, StoreError> {
    let all = documents::<D>(conn, now)?.into_iter();
    Ok(all.map(|(id, input)| ConfigEntry { id, input }).collect())
}

fn template(row: TemplateRow) -> ConfigEntry<TemplateInput> {
    ConfigEntry {
        id: row.id.0.0,
        input: TemplateInput {
            name: row.name,
            kind: row.kind.0,
            parts: row.parts.0,
            languages: row.languages.0,
        },
    }
}

fn channel(row: ChannelRow) -> ConfigEntry<ChannelInput> {
    ConfigEntry {
        id: row.id.0.0,
        input: ChannelInput {
            name: row.name,
            kind: row.kind.0,
            config: row.config.0,
            enabled: row.enabled,
            fallback: row.fallback_id.map(|id| id.0),
            template: row.template_id.map(|id| id.0),
        },
    }
}

/// The file. What is absent is left out: TOML has no word for it.
pub(super) fn written(form: WrittenForm, config: &AlertConfig) -> Result<String, ConfigError> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| ConfigError::NotWritten(error);
    let mut value = serde_json::to_value(config).map_err(|error| failed(error.into()))?;
    without_nulls(&mut value);
    match form {
        WrittenForm::Toml => toml::to_string(&value).map_err(|error| failed(error.into())),
        WrittenForm::Json => {
            serde_json::to_string_pretty(&value).map_err(|error| failed(error.into()))
        }
    }
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
