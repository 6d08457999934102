//! When a message goes to a channel, and with which others; never whether it goes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::time::UnixMs;
use sha2::{Digest as _, Sha256};

use super::document::EACH;
use super::tree::Choice;
use crate::alerts::noise::Subject;
use crate::store::tables::Moment;
use crate::store::tables::notice::{self, NewNotice};
use crate::store::{Connection, StoreError};

/// When that is due which only goes with others.
const NEVER: UnixMs = UnixMs(i64::MAX);

/// When a message goes to a channel, and with which others.
#[derive(Debug, Clone)]
pub(super) enum When {
    /// At once, for itself; what still fires again after so many seconds, 0: never.
    Now(u32),
    /// At a moment, with all of that key that goes then.
    At(String, UnixMs),
    /// With its group.
    Grouped {
        /// Which.
        key: String,
        /// How long its first message waits.
        wait_ms: i64,
        /// How long each next one waits.
        interval_ms: i64,
        /// What still fires is told again after so long; 0: never.
        repeat_seconds: u32,
    },
}

impl When {
    /// Not earlier than this; of a group that is not known.
    pub(super) fn not_before(&self) -> Option<UnixMs> {
        match self {
            Self::Now(_) | Self::Grouped { .. } => None,
            Self::At(_, at) => Some(*at),
        }
    }
}

/// Notes that what still fires is told again, and with its group, instead of what was noted before.
pub(super) fn again(
    conn: &mut Connection,
    notice: NewNotice,
    now: UnixMs,
) -> Result<(), StoreError> {
    let seconds = i64::from(notice.repeat_seconds);
    notice::delete_again(conn, notice.channel_id.0, notice.alert_id.0)?;
    if seconds == 0 && !notice.grouped {
        return Ok(());
    }
    let at = if seconds == 0 {
        NEVER
    } else {
        now.plus_ms(seconds * 1_000)
    };
    let row = NewNotice {
        due_at: Moment(at),
        again: true,
        ..notice
    };
    notice::insert(conn, &row)
}

/// When an alert goes that took a route.
pub(super) fn when(choice: &Choice, subject: &Subject) -> When {
    let labels = choice.group_by.as_ref();
    let Some(labels) = labels.filter(|labels| labels.iter().all(|name| name != EACH)) else {
        if choice.group_wait_seconds == 0 {
            return When::Now(choice.repeat_interval_seconds);
        }
        return grouped(choice, &format!("alert {}", subject.id));
    };
    let mut parts = vec![format!("route {}", choice.path.join("/"))];
    parts.extend(
        labels
            .iter()
            .map(|name| format!("{name}={}", subject.label(name))),
    );
    grouped(choice, &parts.join("\n"))
}

/// The key is a digest: labels may be long.
fn grouped(choice: &Choice, key: &str) -> When {
    let route = choice
        .route
        .map_or_else(String::new, |route| route.to_string());
    let digest = Sha256::digest(format!("{route}\n{key}"));
    let key = URL_SAFE_NO_PAD.encode(digest);
    When::Grouped {
        key,
        wait_ms: i64::from(choice.group_wait_seconds) * 1_000,
        interval_ms: i64::from(choice.group_interval_seconds) * 1_000,
        repeat_seconds: choice.repeat_interval_seconds,
    }
}
