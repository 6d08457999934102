//! How one person wants to be told of alerts; never how others are told.

use serde::{Deserialize, Serialize};

use crate::alert::Severity;
use crate::api::channels::ChannelKind;
use crate::calendar::{MinuteOfDay, TimeInterval};
use crate::ids::ChannelId;

/// `GET|PUT /notifications/preferences`: how one wants to be told when a route, a policy or a
/// schedule names one. The inbox in the dashboard always has everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotificationPreferences {
    /// Channels for warnings, up to 20.
    #[serde(default)]
    pub warning: Vec<ChannelId>,
    /// Channels for critical alerts, up to 20.
    #[serde(default)]
    pub critical: Vec<ChannelId>,
    /// Whether all of them tell of an alert, or the first that can.
    #[serde(default)]
    pub channel_order: ChannelOrder,
    /// In these intervals messages wait until they are over.
    #[serde(default)]
    pub quiet_hours: Vec<TimeInterval>,
    /// Critical alerts do not wait for the end of the quiet hours.
    #[serde(default = "yes")]
    pub critical_breaks_quiet: bool,
    /// Whether warnings are put together.
    #[serde(default)]
    pub digest: Digest,
}

/// Those of a person who never chose: what a request means that leaves all out.
impl Default for NotificationPreferences {
    fn default() -> Self {
        Self {
            warning: Vec::new(),
            critical: Vec::new(),
            channel_order: ChannelOrder::default(),
            quiet_hours: Vec::new(),
            critical_breaks_quiet: yes(),
            digest: Digest::default(),
        }
    }
}

impl NotificationPreferences {
    /// The channels for alerts that are as bad as that.
    pub fn channels(&self, severity: Severity) -> &[ChannelId] {
        match severity {
            Severity::Warning => &self.warning,
            Severity::Critical => &self.critical,
        }
    }

    /// Whether a channel is among those for alerts of any severity.
    pub fn names(&self, channel: ChannelId) -> bool {
        self.warning.contains(&channel) || self.critical.contains(&channel)
    }

    /// The same without a channel, whatever the severity.
    #[must_use]
    pub fn without(mut self, channel: ChannelId) -> Self {
        for list in [&mut self.warning, &mut self.critical] {
            list.retain(|id| *id != channel);
        }
        self
    }
}

/// A channel as one may choose it: `GET /notifications/preferences/channels`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelName {
    /// Its id.
    pub id: ChannelId,
    /// Unique.
    pub name: String,
    /// What it speaks to.
    pub kind: ChannelKind,
    /// Whether it gets messages.
    pub enabled: bool,
}

/// How the channels for a severity share the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChannelOrder {
    /// Each of them tells.
    #[default]
    AllAtOnce,
    /// The first tells, the next one when that fails: in the order in which they stand.
    InOrder,
}

/// Whether warnings are put together in one message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Digest {
    /// Each comes at once.
    #[default]
    Off,
    /// Those of an hour come at its end.
    Hourly,
    /// Those of a day come at a time of it.
    Daily {
        /// `HH:MM`.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        at: MinuteOfDay,
        /// IANA name of the time zone; left out: UTC.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time_zone: Option<String>,
    },
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_never_chose_wants_what_a_request_means_that_leaves_all_out() {
        let nothing: NotificationPreferences = serde_json::from_str("{}").unwrap();
        assert_eq!(nothing, NotificationPreferences::default());
        assert!(nothing.critical_breaks_quiet);
    }

    #[test]
    fn a_channel_that_is_left_is_named_for_no_severity_and_others_keep_their_order() {
        let [one, two, three] = [1, 2, 3].map(|number| ChannelId(uuid::Uuid::from_u128(number)));
        let wanted = NotificationPreferences {
            warning: vec![three, one, two],
            critical: vec![one],
            ..NotificationPreferences::default()
        };
        assert!(wanted.names(one) && wanted.names(two));
        let left = wanted.without(one);
        assert!(!left.names(one));
        assert_eq!(left.warning, [three, two]);
        assert!(left.critical.is_empty());
    }
}
