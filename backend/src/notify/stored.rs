//! A channel between its row and what people see: checked, its secrets sealed apart; never spoken to.

use common::api::channels::{Channel, ChannelInput};
use common::ids::{ChannelId, DeliveryId};
use common::problem::FieldError;
use common::time::UnixMs;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::channels;
use super::error::ChannelError;
use super::wording;
use crate::egress::{EgressError, Reach};
use crate::sealed::{SealedError, Sealer};
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::{Blob, Json, Moment, Word};
use crate::store::{Connection, tables};

const NAME_CHARS: usize = 100;

/// The secrets of a channel by their names.
pub(super) type Secrets = Map<String, Value>;

/// A channel that makes sense.
#[derive(Debug)]
pub(super) struct Checked {
    input: ChannelInput,
    config: Map<String, Value>,
    secrets: Secrets,
}

impl Checked {
    /// The row of a channel with that id.
    pub(super) fn row(
        self,
        sealer: &Sealer,
        id: ChannelId,
        now: Moment,
    ) -> Result<ChannelRow, ChannelError> {
        let secrets = if self.secrets.is_empty() {
            None
        } else {
            let text = Value::Object(self.secrets).to_string();
            Some(sealer.seal(id.0, text.as_bytes())?)
        };
        Ok(ChannelRow {
            id: Blob(id),
            version: 0,
            name: self.input.name,
            kind: Word(self.input.kind),
            config: Json(self.config),
            secrets,
            enabled: self.input.enabled,
            disabled_because: None,
            fallback_id: self.input.fallback.map(Blob),
            template_id: self.input.template.map(Blob),
            created_at: now,
            updated_at: now,
        })
    }

    /// Whether the channel is already so.
    pub(super) fn changes_nothing(&self, row: &ChannelRow, opened: &Secrets) -> bool {
        let input = &self.input;
        self.config == row.config.0
            && self.secrets == *opened
            && input.name == row.name
            && input.enabled == row.enabled
            && row.disabled_because.is_none()
            && input.fallback == row.fallback_id.map(|id| id.0)
            && input.template == row.template_id.map(|id| id.0)
    }
}

/// The secrets of a stored channel.
pub(super) fn open(sealer: &Sealer, row: &ChannelRow) -> Result<Secrets, SealedError> {
    let Some(closed) = &row.secrets else {
        return Ok(Secrets::new());
    };
    let text = sealer.open(row.id.0.0, closed)?;
    serde_json::from_slice(&text).map_err(|_| SealedError::Damaged)
}

/// The whole configuration, secrets included: for speaking to the provider.
pub(super) fn whole(row: &ChannelRow, opened: Secrets) -> Map<String, Value> {
    let mut config = row.config.0.clone();
    config.extend(opened);
    config
}

/// A channel as people see it.
pub(super) fn shown(row: ChannelRow, opened: &Secrets) -> Channel {
    Channel {
        id: row.id.0,
        version: row.version,
        name: row.name,
        kind: row.kind.0,
        config: row.config.0,
        secrets: opened.keys().cloned().collect(),
        enabled: row.enabled,
        disabled_because: row.disabled_because,
        fallback: row.fallback_id.map(|id| id.0),
        template: row.template_id.map(|id| id.0),
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
    }
}

/// Takes the secrets apart, those left out from `before`, and looks whether the kind takes the
/// whole and where it would connect to.
pub(super) async fn check(
    reach: &Reach,
    mut input: ChannelInput,
    before: Option<(&ChannelRow, &Secrets)>,
) -> Result<Checked, ChannelError> {
    input.name = input.name.trim().to_owned();
    let mut wrong = Vec::new();
    if input.name.is_empty() || input.name.chars().count() > NAME_CHARS {
        let message = format!("has to have 1 to {NAME_CHARS} characters");
        wrong.push(FieldError::new("name", message));
    }
    if before.is_some_and(|(row, _)| row.kind.0 != input.kind) {
        wrong.push(FieldError::new(
            "kind",
            "cannot change: make another channel",
        ));
    }
    let mut config = std::mem::take(&mut input.config);
    let secrets = split(&mut config, &input, before.map(|(_, opened)| opened));
    let mut whole = config.clone();
    whole.extend(secrets.clone());
    if wrong.is_empty() {
        wrong.extend(reachable(reach, &input, &whole).await);
    }
    if wrong.is_empty() {
        Ok(Checked {
            input,
            config,
            secrets,
        })
    } else {
        Err(ChannelError::Invalid(wrong))
    }
}

/// Moves the secrets out of `config`; one that is `null` is removed.
fn split(
    config: &mut Map<String, Value>,
    input: &ChannelInput,
    before: Option<&Secrets>,
) -> Secrets {
    let mut secrets = Secrets::new();
    for name in channels::secrets(input.kind) {
        let value = match config.remove(*name) {
            None => before.and_then(|before| before.get(*name)).cloned(),
            Some(Value::Null) => None,
            given => given,
        };
        if let Some(value) = value {
            secrets.insert((*name).to_owned(), value);
        }
    }
    secrets
}

/// What is wrong with a configuration, or with where it leads. A name that has no address now may
/// have one later.
async fn reachable(
    reach: &Reach,
    input: &ChannelInput,
    whole: &Map<String, Value>,
) -> Vec<FieldError> {
    let channel = match channels::channel(input.kind, whole) {
        Ok(channel) => channel,
        Err(wrong) => return wrong,
    };
    for host in channel.hosts(&wording::trial(DeliveryId(Uuid::nil()), UnixMs(0), None)) {
        if let Err(error @ EgressError::Refused { .. }) = reach.addresses(&host).await {
            let field = ["url", "api_url", "host"]
                .into_iter()
                .find(|field| whole.contains_key(*field));
            let field = format!("config.{}", field.unwrap_or("url"));
            return vec![FieldError::new(field, error.to_string())];
        }
    }
    Vec::new()
}

/// Whether the channels and templates that a row names exist.
pub(super) fn check_references(
    conn: &mut Connection,
    row: &ChannelRow,
) -> Result<(), ChannelError> {
    let mut wrong = Vec::new();
    if let Some(fallback) = row.fallback_id {
        if fallback == row.id {
            wrong.push(FieldError::new("fallback", "is the channel itself"));
        } else if tables::channel::find(conn, fallback.0)?.is_none() {
            let message = format!("there is no channel {}", fallback.0);
            wrong.push(FieldError::new("fallback", message));
        }
    }
    if let Some(template) = row.template_id {
        match tables::template::find(conn, template.0)? {
            None => {
                let message = format!("there is no template {}", template.0);
                wrong.push(FieldError::new("template", message));
            }
            Some(found) if found.kind != row.kind => {
                let message = "is of another kind of channel";
                wrong.push(FieldError::new("template", message));
            }
            Some(_) => {}
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(ChannelError::Invalid(wrong))
    }
}
