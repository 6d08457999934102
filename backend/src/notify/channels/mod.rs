//! The kinds of channels, one file each; never when one is spoken to.
//!
//! A kind is a configuration that is read from JSON, and what it makes of a message: requests of its
//! provider's form. It does no I/O and reads no clock: here is what asks, and the kind judges the answer.

use std::time::Duration;

use common::api::channels::ChannelKind;
use common::ids::PushSubscriptionId;
use common::problem::FieldError;
use serde_json::{Map, Value};

use super::browser::Browser;
use super::message::{Message, cut};
use super::vapid::Vapid;
use crate::egress::{Answer, Client, EgressError, Limits, Reach, Request};

mod config;
mod discord;
mod email;
mod encrypted;
mod facts;
mod follow;
mod gotify;
mod mail;
mod mailbox;
mod matrix;
mod multipart;
mod ntfy;
mod pagerduty;
mod pushover;
mod request;
mod sendgrid;
mod ses;
mod sign;
mod sigv4;
mod slack;
mod teams;
mod telegram;
mod twilio;
mod verdict;
mod web_push;
mod webhook;

pub(super) use verdict::Verdict;

/// How long one attempt may take, and how much of an answer is read.
pub(super) const LIMITS: Limits = Limits {
    timeout: Duration::from_secs(10),
    most_bytes: 64 * 1024,
};
/// How much of it is kept.
const KEPT_CHARS: usize = 500;

/// A channel that speaks HTTP.
pub(super) trait Provider: std::fmt::Debug + Send + Sync {
    /// What is asked of the provider, one after the other.
    fn requests(&self, message: &Message) -> Vec<Request>;

    /// What stores the picture, where it can only follow the message; `None`: it is part of the message,
    /// or there is none.
    fn stores(&self, _message: &Message) -> Option<Request> {
        None
    }

    /// What shows the picture that was stored; `None` when the answer does not say where it is.
    fn shows(&self, _message: &Message, _stored: &Answer) -> Option<Request> {
        None
    }

    /// What an answer means.
    fn judge(&self, answer: &Answer) -> Verdict {
        verdict::by_status(answer)
    }
}

/// The way to providers. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// Asks those who speak HTTP.
    pub(super) client: Client,
    /// Where connections may go.
    pub(super) reach: Reach,
    /// For each request.
    pub(super) limits: Limits,
    /// The key by which push services know the server.
    pub(super) vapid: Vapid,
}

/// A channel that can be spoken to.
#[derive(Debug)]
pub(super) enum Channel {
    /// By requests.
    Http(Box<dyn Provider>),
    /// By a mail server.
    Email(Box<email::Email>),
    /// By the push services of browsers.
    WebPush(web_push::WebPush),
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answered {
    /// What it means.
    pub(super) verdict: Verdict,
    /// The status of HTTP or SMTP; `None` when there was no answer.
    pub(super) status: Option<i32>,
    /// How the answer begins, or why there was none.
    pub(super) answer: String,
    /// Browsers that have no push service any more.
    pub(super) gone: Vec<PushSubscriptionId>,
    /// Why a picture that was to follow did not; `None`: it did, or none was to.
    pub(super) pictureless: Option<String>,
}

impl Answered {
    /// Nobody was asked, and asking again does not mend it.
    pub(super) fn refused(why: &str) -> Self {
        Self {
            verdict: Verdict::Refused,
            status: None,
            answer: why.to_owned(),
            gone: Vec::new(),
            pictureless: None,
        }
    }

    /// Whether it may be the picture that was refused: a bad or too large message, not a wrong address
    /// or token.
    pub(super) fn may_be_the_picture(&self) -> bool {
        let bad = matches!(self.status, Some(400 | 403 | 413 | 415 | 422 | 552 | 554));
        bad && self.verdict == Verdict::Refused
    }
}

/// Whether messages of the kind can bring a picture along.
pub(super) fn shows_pictures(kind: ChannelKind) -> bool {
    match kind {
        ChannelKind::Email
        | ChannelKind::Discord
        | ChannelKind::Telegram
        | ChannelKind::Pushover
        | ChannelKind::Ntfy
        | ChannelKind::Matrix
        | ChannelKind::Sendgrid
        | ChannelKind::Ses => true,
        // They take the address of a picture that anybody can read, or none.
        ChannelKind::Webhook
        | ChannelKind::Slack
        | ChannelKind::Teams
        | ChannelKind::Pagerduty
        | ChannelKind::Gotify
        | ChannelKind::Twilio
        | ChannelKind::WebPush => false,
    }
}

/// Whether something can be encrypted for a browser.
pub(super) fn fits(browser: &Browser) -> bool {
    encrypted::seal(b"{}", browser).is_ok()
}

/// The names of the kind's secrets.
pub(super) fn secrets(kind: ChannelKind) -> &'static [&'static str] {
    match kind {
        ChannelKind::Webhook => webhook::SECRETS,
        ChannelKind::Email => email::SECRETS,
        ChannelKind::Slack => slack::SECRETS,
        ChannelKind::Discord => discord::SECRETS,
        ChannelKind::Teams => teams::SECRETS,
        ChannelKind::Telegram => telegram::SECRETS,
        ChannelKind::Pagerduty => pagerduty::SECRETS,
        ChannelKind::Ntfy => ntfy::SECRETS,
        ChannelKind::Gotify => gotify::SECRETS,
        ChannelKind::Pushover => pushover::SECRETS,
        ChannelKind::Matrix => matrix::SECRETS,
        ChannelKind::Twilio => twilio::SECRETS,
        ChannelKind::Sendgrid => sendgrid::SECRETS,
        ChannelKind::Ses => ses::SECRETS,
        ChannelKind::WebPush => web_push::SECRETS,
    }
}

/// The channel of a kind with its whole configuration, secrets included; what is wrong with it
/// otherwise, by the paths of the API.
pub(super) fn channel(
    kind: ChannelKind,
    config: &Map<String, Value>,
) -> Result<Channel, Vec<FieldError>> {
    match kind {
        ChannelKind::Webhook => config::read::<webhook::Webhook>(config),
        ChannelKind::Email => config::parse(config).map(|email| Channel::Email(Box::new(email))),
        ChannelKind::Slack => config::read::<slack::Slack>(config),
        ChannelKind::Discord => config::read::<discord::Discord>(config),
        ChannelKind::Teams => config::read::<teams::Teams>(config),
        ChannelKind::Telegram => config::read::<telegram::Telegram>(config),
        ChannelKind::Pagerduty => config::read::<pagerduty::Pagerduty>(config),
        ChannelKind::Ntfy => config::read::<ntfy::Ntfy>(config),
        ChannelKind::Gotify => config::read::<gotify::Gotify>(config),
        ChannelKind::Pushover => config::read::<pushover::Pushover>(config),
        ChannelKind::Matrix => config::read::<matrix::Matrix>(config),
        ChannelKind::Twilio => config::read::<twilio::Twilio>(config),
        ChannelKind::Sendgrid => config::read::<sendgrid::Sendgrid>(config),
        ChannelKind::Ses => config::read::<ses::Ses>(config),
        ChannelKind::WebPush => web_push::read(config).map(Channel::WebPush),
    }
}

impl Channel {
    /// Where it would connect to for this message.
    pub(super) fn hosts(&self, message: &Message) -> Vec<String> {
        match self {
            Self::Http(provider) => {
                let requests = provider.requests(message).into_iter();
                let hosts = requests.filter_map(|it| it.url.host_str().map(str::to_owned));
                hosts.collect()
            }
            Self::Email(email) => vec![email.host().to_owned()],
            // Each browser has its own.
            Self::WebPush(_) => Vec::new(),
        }
    }

    /// Whether the message has a picture that is part of it; one that follows is no reason to refuse it.
    pub(super) fn has_picture_within(&self, message: &Message) -> bool {
        let follows = match self {
            Self::Http(provider) => provider.stores(message).is_some(),
            Self::Email(_) | Self::WebPush(_) => false,
        };
        message.picture.is_some() && !follows
    }

    /// Speaks, for twice as long as one request may take at most.
    pub(super) async fn send(&self, way: &Way, message: &Message) -> Answered {
        let after = way.limits.timeout * 2;
        let mut told = None;
        let asked = async {
            let answered = match self {
                Self::Http(provider) => ask_all(provider.as_ref(), way, message).await,
                Self::Email(email) => email.send(way, message).await,
                Self::WebPush(browsers) => browsers.send(way, message).await,
            };
            let answered = told.insert(answered);
            if let Self::Http(provider) = self
                && answered.verdict == Verdict::Delivered
            {
                let followed = follow::follow(provider.as_ref(), way, message).await;
                answered.pictureless = followed.err();
            }
        };
        let timed = tokio::time::timeout(after, asked).await;
        let late = || EgressError::TimedOut { after };
        // What was answered before time was up stands.
        let mut answered = told.unwrap_or_else(|| unanswered(&late()));
        if timed.is_err() && answered.verdict == Verdict::Delivered {
            answered.pictureless = Some(late().to_string());
        }
        answered
    }
}

/// Asks one thing after the other. What is asked first decides when it is not taken.
async fn ask_all(provider: &dyn Provider, way: &Way, message: &Message) -> Answered {
    let mut last = Answered::refused("there is nothing to send");
    for request in provider.requests(message) {
        last = ask(provider, way, request).await;
        if last.verdict != Verdict::Delivered {
            break;
        }
    }
    last
}

async fn ask(provider: &dyn Provider, way: &Way, request: Request) -> Answered {
    match way.client.skim(request, way.limits).await {
        Ok(answer) => Answered {
            verdict: provider.judge(&answer),
            status: Some(answer.status.as_u16().into()),
            answer: excerpt(&String::from_utf8_lossy(&answer.body)),
            gone: Vec::new(),
            pictureless: None,
        },
        Err(error) => unanswered(&error),
    }
}

fn unanswered(error: &EgressError) -> Answered {
    Answered {
        verdict: egress_verdict(error),
        status: None,
        answer: error.to_string(),
        gone: Vec::new(),
        pictureless: None,
    }
}

/// What it means that no answer came: what settings forbid, waiting does not mend.
fn egress_verdict(error: &EgressError) -> Verdict {
    match error {
        EgressError::Refused { .. } | EgressError::NoHost | EgressError::Redirected { .. } => {
            Verdict::Refused
        }
        _ => Verdict::Later(None),
    }
}

/// The beginning of an answer, on one line.
fn excerpt(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    let words: Vec<_> = text.split_whitespace().collect();
    cut(&words.join(" "), KEPT_CHARS)
}
