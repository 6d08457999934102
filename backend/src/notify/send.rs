//! One attempt: the message of a delivery, spoken to its channel; never what follows from the answer.

use std::time::Duration;

use common::api::templates::TemplateParts;
use common::ids::DeliveryId;
use common::time::UnixMs;
use uuid::Uuid;

use super::browser::Browser;
use super::channels::{self, Answered, Channel, LIMITS, Way};
use super::drawing::{self, Drawing};
use super::links::LinkMaker;
use super::load::Loaded;
use super::message::Message;
use super::picture::Pictures;
use super::vapid::Vapid;
use super::{stored, template, wording};
use crate::clock::Clock;
use crate::egress::{Client, EgressError, Reach};
use crate::sealed::Sealer;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::push_subscription::PushSubscriptionRow;

/// What sending needs. Clones share it.
#[derive(Debug, Clone)]
pub struct Wire {
    clock: Clock,
    sealer: Sealer,
    way: Way,
    /// Draws for those kinds that show pictures; `None`: messages have none.
    drawing: Option<Drawing>,
    links: LinkMaker,
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
    /// Connections within `reach`; links in messages are those of `links`.
    pub fn new(
        clock: Clock,
        sealer: Sealer,
        reach: Reach,
        vapid: Vapid,
        links: LinkMaker,
    ) -> Result<Self, EgressError> {
        Ok(Self {
            way: Way {
                client: Client::messages(&reach)?,
                reach,
                limits: LIMITS,
                vapid,
            },
            clock,
            sealer,
            drawing: None,
            links,
        })
    }

    /// The same, with pictures in messages.
    #[must_use]
    pub fn with_pictures(mut self, pictures: Pictures) -> Self {
        self.drawing = Some(Drawing::new(pictures));
        self
    }

    /// The same, with less time for each request.
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
        let (template, may_be_left) = (loaded.template.take(), loaded.may_be_left);
        let browsers = self.browsers(&loaded.browsers);
        let now = self.clock.now();
        let public_url = self.links.public_url();
        let message = loaded.message(key, composed_at, now, public_url);
        let Some(mut message) = message else {
            return self.refused("its alerts have been removed");
        };
        message.browsers = browsers;
        if message.may_be_taken() {
            message.links.acknowledge = self.links.acknowledge(key, composed_at);
        }
        if may_be_left {
            message.links.unsubscribe = self.links.unsubscribe(key, composed_at);
        }
        let mut notes = word(&mut message, template.as_ref());
        notes.extend(self.illustrate(channel, &mut message).await);
        self.speak(channel, message, notes).await
    }

    /// Tells the channel, or these browsers, that somebody tries it out.
    pub(super) async fn try_out(
        &self,
        channel: &ChannelRow,
        template: Option<TemplateParts>,
        browsers: &[PushSubscriptionRow],
    ) -> Attempt {
        let key = DeliveryId(Uuid::now_v7());
        let mut message = wording::trial(key, self.clock.now(), self.links.public_url());
        message.browsers = self.browsers(browsers);
        let notes = word(&mut message, template.as_ref());
        self.speak(channel, message, notes).await
    }

    /// Those that open.
    fn browsers(&self, rows: &[PushSubscriptionRow]) -> Vec<Browser> {
        let opened = rows.iter().map(|row| Browser::open(&self.sealer, row));
        opened.filter_map(Result::ok).collect()
    }

    /// Puts a picture into a message that can bring one; why there is none.
    async fn illustrate(&self, channel: &ChannelRow, message: &mut Message) -> Option<String> {
        let drawing = self.drawing.as_ref()?;
        let step = message.alerts.first()?;
        if !channels::shows_pictures(channel.kind.0) || !drawing::is_worth(step.event) {
            return None;
        }
        match drawing.of(step).await {
            Ok(picture) => {
                message.picture = Some(picture);
                None
            }
            Err(why) => Some(format!("sent without its picture: {why}")),
        }
    }

    async fn speak(&self, row: &ChannelRow, message: Message, mut notes: Vec<String>) -> Attempt {
        let channel = match self.open(row) {
            Ok(channel) => channel,
            Err(reason) => return self.refused(&reason),
        };
        let (at, began) = (self.clock.now(), self.clock.monotonic());
        let mut answered = channel.send(&self.way, &message).await;
        if channel.has_picture_within(&message) && answered.may_be_the_picture() {
            let status = answered.status.unwrap_or_default();
            notes.push(format!(
                "sent without its picture: refused with status {status}"
            ));
            let bare = Message {
                picture: None,
                ..message
            };
            answered = channel.send(&self.way, &bare).await;
        }
        let why = answered.pictureless.take();
        notes.extend(why.map(|why| format!("sent without its picture: {why}")));
        Attempt {
            answered,
            at,
            took: self.clock.monotonic().saturating_sub(began),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
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

    fn refused(&self, why: &str) -> Attempt {
        Attempt {
            answered: Answered::refused(why),
            at: self.clock.now(),
            took: Duration::ZERO,
            note: None,
        }
    }
}

/// Gives a message its words; what of the template failed, which is then said as usual.
fn word(message: &mut Message, template: Option<&TemplateParts>) -> Vec<String> {
    let Some(template) = template else {
        message.text = wording::text(message);
        return Vec::new();
    };
    let (text, failed) = template::render(template, message);
    message.text = text;
    let each = failed.into_iter().map(|(part, error)| {
        format!("the template's {part} failed ({error}): the usual words were sent")
    });
    each.collect()
}
