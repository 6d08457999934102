//! One attempt: the message of a delivery, spoken to its channel; never what follows from the answer.

use std::time::Duration;

use common::api::templates::TemplateParts;
use common::ids::DeliveryId;
use common::time::UnixMs;
use uuid::Uuid;

use super::channels::{self, Answered, Channel, LIMITS, Verdict, Way};
use super::load::Loaded;
use super::message::Message;
use super::{stored, template, wording};
use crate::clock::Clock;
use crate::egress::{Client, EgressError, Reach};
use crate::sealed::Sealer;
use crate::store::tables::channel::ChannelRow;

/// What sending needs. Clones share it.
#[derive(Debug, Clone)]
pub struct Wire {
    clock: Clock,
    sealer: Sealer,
    way: Way,
    public_url: Option<String>,
}

/// How an attempt went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) answered: Answered,
    /// When it began.
    pub(super) at: UnixMs,
    /// Until the answer.
    pub(super) took: Duration,
    /// What else there is to know.
    pub(super) note: Option<String>,
}

impl Wire {
    /// Connections within `reach`; links in messages begin with `public_url`.
    pub fn new(
        clock: Clock,
        sealer: Sealer,
        reach: Reach,
        public_url: Option<String>,
    ) -> Result<Self, EgressError> {
        Ok(Self {
            way: Way {
                client: Client::messages(&reach)?,
                reach,
                limits: LIMITS,
            },
            clock,
            sealer,
            public_url,
        })
    }

    /// The same, with less time for each attempt.
    #[cfg(test)]
    pub(super) fn within(mut self, timeout: Duration) -> Self {
        self.way.limits.timeout = timeout;
        self
    }

    /// Tells the channel what a delivery carries.
    pub(super) async fn tell(
        &self,
        channel: &ChannelRow,
        key: DeliveryId,
        composed_at: UnixMs,
        mut loaded: Loaded,
    ) -> Attempt {
        let template = loaded.template.take();
        let now = self.clock.now();
        let public_url = self.public_url.as_deref();
        let message = loaded.message(key, composed_at, now, public_url);
        let Some(mut message) = message else {
            return self.refused("its alerts have been removed".to_owned());
        };
        let note = word(&mut message, template.as_ref());
        self.speak(channel, &message, note).await
    }

    /// Tells the channel that somebody tries it out.
    pub(super) async fn try_out(
        &self,
        channel: &ChannelRow,
        template: Option<TemplateParts>,
    ) -> Attempt {
        let key = DeliveryId(Uuid::now_v7());
        let mut message = wording::trial(key, self.clock.now(), self.public_url.as_deref());
        let note = word(&mut message, template.as_ref());
        self.speak(channel, &message, note).await
    }

    async fn speak(&self, row: &ChannelRow, message: &Message, note: Option<String>) -> Attempt {
        let channel = match self.open(row) {
            Ok(channel) => channel,
            Err(reason) => return self.refused(reason),
        };
        let (at, began) = (self.clock.now(), self.clock.monotonic());
        let answered = channel.send(&self.way, message).await;
        Attempt {
            answered,
            at,
            took: self.clock.monotonic().saturating_sub(began),
            note,
        }
    }

    fn open(&self, row: &ChannelRow) -> Result<Channel, String> {
        let opened = stored::open(&self.sealer, row).map_err(|error| error.to_string())?;
        let config = stored::whole(row, opened);
        channels::channel(row.kind.0, &config).map_err(|wrong| {
            let each = wrong
                .iter()
                .map(|it| format!("{} {}", it.field, it.message));
            each.collect::<Vec<_>>().join("; ")
        })
    }

    fn refused(&self, answer: String) -> Attempt {
        Attempt {
            answered: Answered {
                verdict: Verdict::Refused,
                status: None,
                answer,
            },
            at: self.clock.now(),
            took: Duration::ZERO,
            note: None,
        }
    }
}

/// Gives a message its words; what of the template failed, which is then said as usual.
fn word(message: &mut Message, template: Option<&TemplateParts>) -> Option<String> {
    let Some(template) = template else {
        message.text = wording::text(message);
        return None;
    };
    let (text, failed) = template::render(template, message);
    message.text = text;
    let each = failed
        .into_iter()
        .map(|(part, error)| format!("the template's {part} failed ({error})"));
    let all: Vec<_> = each.collect();
    (!all.is_empty()).then(|| format!("{}: the usual words were sent", all.join(", ")))
}
