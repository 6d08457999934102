//! The messages behind the bell, kept up to date by the live connection; never other channels.

use common::api::inbox::InboxItem;
use common::ids::InboxItemId;
use common::live::{ServerMessage, Topic};
use leptos::prelude::*;

use super::session::use_session;
use crate::api::{Api, ApiError, inbox};
use crate::browser;
use crate::live::use_live;
use crate::reactive::spawn;
use crate::sorting::sort_by;

/// So many messages are kept; older ones are read from the API.
const KEPT: usize = 50;

/// One's own messages.
#[derive(Clone, Copy)]
pub struct Inbox {
    items: RwSignal<Vec<InboxItem>>,
    unread: RwSignal<u32>,
    api: Api,
}

impl Inbox {
    /// Makes them known to all components below, and keeps them up to date.
    pub fn provide() {
        let api = use_session().api();
        let inbox = Self {
            items: RwSignal::new(Vec::new()),
            unread: RwSignal::new(0),
            api,
        };
        provide_context(inbox);
        use_live().watch(Topic::Inbox, move |message| match message {
            ServerMessage::Inbox {
                snapshot,
                unread,
                items,
            } => {
                inbox.unread.set(*unread);
                inbox.items.update(|known| merge(known, items, *snapshot));
            }
            ServerMessage::Lagged { .. } => spawn(async move {
                if let Ok(read) = self::inbox::read(api).await {
                    inbox.unread.try_set(read.unread);
                    inbox.items.try_set(read.items);
                }
            }),
            _ => {}
        });
    }

    /// The messages, newest first.
    pub fn items(self) -> ReadSignal<Vec<InboxItem>> {
        self.items.read_only()
    }

    /// How many are unread in all.
    pub fn unread(self) -> ReadSignal<u32> {
        self.unread.read_only()
    }

    /// Marks a message as read.
    pub async fn mark_read(self, id: InboxItemId) -> Result<(), ApiError> {
        inbox::mark_read(self.api, id).await?;
        self.note_read(|item| item.id == id);
        Ok(())
    }

    /// Marks all messages as read, also those that are not shown.
    pub async fn mark_all_read(self) -> Result<(), ApiError> {
        inbox::mark_all_read(self.api).await?;
        self.note_read(|_| true);
        self.unread.set(0);
        Ok(())
    }

    fn note_read(self, is_read: impl Fn(&InboxItem) -> bool) {
        self.items.update(|items| {
            for item in items.iter_mut() {
                if item.read_at.is_none() && is_read(item) {
                    item.read_at = Some(browser::now());
                    self.unread.update(|count| *count = count.saturating_sub(1));
                }
            }
        });
    }
}

/// One's own messages.
pub fn use_inbox() -> Inbox {
    expect_context()
}

/// Puts what came before what is known; a message that is known already is replaced.
fn merge(known: &mut Vec<InboxItem>, came: &[InboxItem], snapshot: bool) {
    if snapshot {
        known.clear();
    }
    known.retain(|old| !came.iter().any(|new| new.id == old.id));
    known.extend_from_slice(came);
    sort_by(known, |a, b| (b.at, b.id).cmp(&(a.at, a.id)));
    known.truncate(KEPT);
}

#[cfg(test)]
mod tests {
    use super::merge;
    use common::alert::{AlertChange, Severity};
    use common::api::inbox::InboxItem;
    use common::ids::{AlertId, InboxItemId, ServerId};
    use common::time::UnixMs;
    use std::str::FromStr;

    fn item(number: u8, read: bool) -> InboxItem {
        let id = format!("00000000-0000-7000-8000-0000000000{number:02}");
        InboxItem {
            id: InboxItemId::from_str(&id).unwrap(),
            at: UnixMs(i64::from(number)),
            alert_id: AlertId::from_str(&id).unwrap(),
            change: AlertChange::Fired,
            severity: Severity::Warning,
            server_id: ServerId::from_str(&id).unwrap(),
            title: String::new(),
            body: String::new(),
            read_at: read.then_some(UnixMs(9)),
        }
    }

    #[test]
    fn messages_are_merged_newest_first() {
        let mut known = vec![item(2, false), item(1, false)];
        merge(&mut known, &[item(3, false), item(2, true)], false);
        assert_eq!(known, [item(3, false), item(2, true), item(1, false)]);
        merge(&mut known, &[item(4, false)], true);
        assert_eq!(known, [item(4, false)]);
    }
}
