//! What stands in the form of how one is told, and the preferences that it stands for; never how it looks.

use common::alert::Severity;
use common::api::preferences::{ChannelName, ChannelOrder, Digest, NotificationPreferences};
use common::ids::ChannelId;
use common::problem::FieldError;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::intervals::IntervalRow;

/// The word for "each of them tells".
pub const ALL_AT_ONCE: &str = "all_at_once";
/// The word for "the next one when the first fails".
pub const IN_ORDER: &str = "in_order";

/// What was entered.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Channels for warnings.
    pub warning: RwSignal<Vec<ChannelId>>,
    /// Channels for critical alerts.
    pub critical: RwSignal<Vec<ChannelId>>,
    /// [`ALL_AT_ONCE`] or [`IN_ORDER`].
    pub order: RwSignal<String>,
    /// The quiet hours.
    pub quiet: RwSignal<Vec<IntervalRow>>,
    /// Whether critical alerts do not wait for the end of the quiet hours.
    pub breaks_quiet: RwSignal<bool>,
    /// `off`, `hourly` or `daily`.
    pub digest: RwSignal<String>,
    /// When the daily one comes, `HH:MM`.
    pub digest_at: RwSignal<String>,
}

impl Draft {
    /// Nothing entered yet.
    pub fn empty() -> Self {
        Self {
            warning: RwSignal::default(),
            critical: RwSignal::default(),
            order: RwSignal::new(ALL_AT_ONCE.to_owned()),
            quiet: RwSignal::default(),
            breaks_quiet: RwSignal::new(true),
            digest: RwSignal::new("off".to_owned()),
            digest_at: RwSignal::new("08:00".to_owned()),
        }
    }

    /// The channels for alerts that are as bad as that.
    pub fn channels(self, severity: Severity) -> RwSignal<Vec<ChannelId>> {
        match severity {
            Severity::Warning => self.warning,
            Severity::Critical => self.critical,
        }
    }

    /// Shows what is kept; a channel that has been removed since is left out.
    pub fn fill(self, kept: NotificationPreferences, channels: &[ChannelName]) {
        let is_there = |id: &ChannelId| channels.iter().any(|channel| channel.id == *id);
        let there = |ids: Vec<ChannelId>| ids.into_iter().filter(is_there).collect();
        self.warning.set(there(kept.warning));
        self.critical.set(there(kept.critical));
        let order = match kept.channel_order {
            ChannelOrder::AllAtOnce => ALL_AT_ONCE,
            ChannelOrder::InOrder => IN_ORDER,
        };
        self.order.set(order.to_owned());
        self.quiet.set(IntervalRow::all(kept.quiet_hours));
        self.breaks_quiet.set(kept.critical_breaks_quiet);
        let digest = match kept.digest {
            Digest::Off => "off",
            Digest::Hourly => "hourly",
            Digest::Daily { at, .. } => {
                self.digest_at.set(at.to_string());
                "daily"
            }
        };
        self.digest.set(digest.to_owned());
    }

    /// The preferences that were entered, a daily digest in `zone`.
    pub fn wanted(self, zone: Option<String>) -> Result<NotificationPreferences, ApiError> {
        let quiet = self.quiet.get_untracked();
        let quiet = quiet.iter().map(IntervalRow::interval);
        let quiet: Result<_, _> = quiet.collect();
        let quiet_hours = quiet.map_err(|_| {
            refused(
                "quiet_hours",
                "Say from when and to when each of them lasts.",
            )
        })?;
        let at = self.digest_at.get_untracked().parse();
        let digest = match (&*self.digest.get_untracked(), at) {
            ("hourly", _) => Digest::Hourly,
            ("daily", Ok(at)) => Digest::Daily {
                at,
                time_zone: zone,
            },
            ("daily", Err(_)) => return Err(refused("digest", "Say at what time it comes.")),
            _ => Digest::Off,
        };
        Ok(NotificationPreferences {
            warning: self.warning.get_untracked(),
            critical: self.critical.get_untracked(),
            channel_order: if self.order.with_untracked(|order| order == IN_ORDER) {
                ChannelOrder::InOrder
            } else {
                ChannelOrder::AllAtOnce
            },
            quiet_hours,
            critical_breaks_quiet: self.breaks_quiet.get_untracked(),
            digest,
        })
    }
}

fn refused(field: &str, message: &str) -> ApiError {
    ApiError::Invalid {
        fields: vec![FieldError::new(field, message)],
        detail: message.to_owned(),
    }
}
