//! What each kind of channel is called and asks for, as a table; pure.

use common::api::channels::ChannelKind;

/// How a field of a channel is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A line of text.
    Line,
    /// A line that goes in and never comes out; whether the channel works without it.
    Secret {
        /// It may be missing.
        optional: bool,
    },
    /// A whole number.
    Number,
    /// Texts with commas between them.
    List,
    /// One of a few, each as its value and its word; the first is the usual one.
    Choice(&'static [(&'static str, &'static str)]),
}

/// A field that a kind of channel asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindField {
    /// Its name in the configuration.
    pub name: &'static str,
    /// Its path in the request, as errors name it.
    pub path: &'static str,
    /// Its id in the page.
    pub id: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What to know before typing.
    pub hint: &'static str,
    /// How it is entered.
    pub input: Input,
}

macro_rules! field {
    ($name:literal, $label:literal, $input:expr, $hint:literal) => {
        KindField {
            name: $name,
            path: concat!("config.", $name),
            id: concat!("channel-", $name),
            label: $label,
            hint: $hint,
            input: $input,
        }
    };
}

const NEEDED: Input = Input::Secret { optional: false };
const OPTIONAL: Input = Input::Secret { optional: true };
const SECURITIES: &[(&str, &str)] = &[
    ("starttls", "STARTTLS (587)"),
    ("tls", "TLS from the start (465)"),
    ("none", "None: anybody on the way can read (25)"),
];

const API_URL: KindField = field!(
    "api_url",
    "Address of the service",
    Input::Line,
    "Empty: the provider's own. For a proxy in between."
);
const FROM: KindField = field!(
    "from",
    "From",
    Input::Line,
    "Such as Watchpost <watchpost@example.org>."
);
const TO: KindField = field!(
    "to",
    "To",
    Input::List,
    "Addresses with commas between them."
);
const HOOK: KindField = field!(
    "url",
    "Address of the webhook",
    NEEDED,
    "Whoever knows it can write there: it is kept sealed."
);

/// What a kind is called.
pub const fn word(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Webhook => "Webhook",
        ChannelKind::Email => "E-mail (SMTP)",
        ChannelKind::Slack => "Slack",
        ChannelKind::Discord => "Discord",
        ChannelKind::Teams => "Microsoft Teams",
        ChannelKind::Telegram => "Telegram",
        ChannelKind::Pagerduty => "PagerDuty",
        ChannelKind::Ntfy => "ntfy",
        ChannelKind::Gotify => "Gotify",
        ChannelKind::Pushover => "Pushover",
        ChannelKind::Matrix => "Matrix",
        ChannelKind::Twilio => "SMS (Twilio)",
        ChannelKind::Sendgrid => "E-mail (SendGrid)",
        ChannelKind::Ses => "E-mail (Amazon SES)",
        ChannelKind::WebPush => "Browsers (Web Push)",
    }
}

/// The value of a kind in a menu; unique.
pub const fn name(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Webhook => "webhook",
        ChannelKind::Email => "email",
        ChannelKind::Slack => "slack",
        ChannelKind::Discord => "discord",
        ChannelKind::Teams => "teams",
        ChannelKind::Telegram => "telegram",
        ChannelKind::Pagerduty => "pagerduty",
        ChannelKind::Ntfy => "ntfy",
        ChannelKind::Gotify => "gotify",
        ChannelKind::Pushover => "pushover",
        ChannelKind::Matrix => "matrix",
        ChannelKind::Twilio => "twilio",
        ChannelKind::Sendgrid => "sendgrid",
        ChannelKind::Ses => "ses",
        ChannelKind::WebPush => "web_push",
    }
}

/// The kind of that name; the first one for any other.
pub fn of_name(wanted: &str) -> ChannelKind {
    let mut all = ChannelKind::ALL.into_iter();
    let found = all.find(|kind| name(*kind) == wanted);
    found.unwrap_or(ChannelKind::Webhook)
}

/// Name and word of every kind, for a menu.
pub fn choices() -> Vec<(String, String)> {
    let all = ChannelKind::ALL.into_iter();
    all.map(|kind| (name(kind).to_owned(), word(kind).to_owned()))
        .collect()
}

/// What a kind asks for, in the order of the form.
pub const fn fields(kind: ChannelKind) -> &'static [KindField] {
    match kind {
        ChannelKind::Webhook => WEBHOOK,
        ChannelKind::Email => EMAIL,
        ChannelKind::Slack | ChannelKind::Discord | ChannelKind::Teams => HOOKS,
        ChannelKind::Telegram => TELEGRAM,
        ChannelKind::Pagerduty => PAGERDUTY,
        ChannelKind::Ntfy => NTFY,
        ChannelKind::Gotify => GOTIFY,
        ChannelKind::Pushover => PUSHOVER,
        ChannelKind::Matrix => MATRIX,
        ChannelKind::Twilio => TWILIO,
        ChannelKind::Sendgrid => SENDGRID,
        ChannelKind::Ses => SES,
        ChannelKind::WebPush => WEB_PUSH,
    }
}

const WEBHOOK: &[KindField] = &[
    field!("url", "Address", Input::Line, "A POST of JSON goes there."),
    field!(
        "secret",
        "Secret",
        OPTIONAL,
        "Signs each request, so that the receiver knows the sender."
    ),
    field!(
        "authorization",
        "Authorization header",
        OPTIONAL,
        "Its whole value, such as Bearer …"
    ),
];

const EMAIL: &[KindField] = &[
    field!(
        "host",
        "Mail server",
        Input::Line,
        "Such as smtp.example.org."
    ),
    field!("security", "Encryption", Input::Choice(SECURITIES), ""),
    field!(
        "port",
        "Port",
        Input::Number,
        "Empty: that of the encryption."
    ),
    field!(
        "username",
        "Login name",
        Input::Line,
        "Empty: without a login."
    ),
    field!("password", "Password", OPTIONAL, ""),
    FROM,
    TO,
];

const HOOKS: &[KindField] = &[HOOK];

const TELEGRAM: &[KindField] = &[
    field!("token", "Token of the bot", NEEDED, "BotFather gives it."),
    field!(
        "chat_id",
        "Chat",
        Input::Line,
        "A number, or the @name of a channel."
    ),
    field!(
        "thread_id",
        "Topic",
        Input::Number,
        "The number of a topic; empty: none."
    ),
    API_URL,
];

const PAGERDUTY: &[KindField] = &[
    field!(
        "routing_key",
        "Integration key",
        NEEDED,
        "Of an integration of the kind Events API v2."
    ),
    API_URL,
];

const NTFY: &[KindField] = &[
    field!(
        "topic",
        "Topic",
        Input::Line,
        "Whoever knows it can read it."
    ),
    field!("url", "Server", Input::Line, "Empty: https://ntfy.sh"),
    field!(
        "token",
        "Access token",
        OPTIONAL,
        "For a topic that is not open to all."
    ),
];

const GOTIFY: &[KindField] = &[
    field!(
        "url",
        "Server",
        Input::Line,
        "Such as https://gotify.example.org"
    ),
    field!("token", "Token of the application", NEEDED, ""),
];

const PUSHOVER: &[KindField] = &[
    field!("token", "Token of the application", NEEDED, ""),
    field!("user", "Key of the person or group", NEEDED, ""),
    field!("device", "Device", Input::Line, "Empty: every device."),
    API_URL,
];

const MATRIX: &[KindField] = &[
    field!(
        "url",
        "Home server",
        Input::Line,
        "Such as https://matrix.example.org"
    ),
    field!("room_id", "Room", Input::Line, "Such as !abc:example.org"),
    field!(
        "access_token",
        "Access token",
        NEEDED,
        "Of an account that is in the room."
    ),
];

const TWILIO: &[KindField] = &[
    field!("account_sid", "Account SID", Input::Line, ""),
    field!("auth_token", "Auth token", NEEDED, ""),
    field!(
        "from",
        "From",
        Input::Line,
        "A number such as +15017122661, or the id of a messaging service."
    ),
    field!("to", "To", Input::Line, "A number such as +15558675310."),
    API_URL,
];

const SENDGRID: &[KindField] = &[field!("api_key", "API key", NEEDED, ""), FROM, TO, API_URL];

const SES: &[KindField] = &[
    field!("region", "Region", Input::Line, "Such as eu-central-1."),
    field!("access_key_id", "Access key id", Input::Line, ""),
    field!("secret_access_key", "Secret access key", NEEDED, ""),
    FROM,
    TO,
    API_URL,
];

const WEB_PUSH: &[KindField] = &[field!(
    "subject",
    "Contact",
    Input::Line,
    "Whom a push service asks when something is wrong: mailto:ops@example.org or https://…"
)];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ChannelKind, choices, fields, name, of_name};

    #[test]
    fn kinds_have_the_names_of_the_wire_and_fields_of_their_own() {
        for kind in ChannelKind::ALL {
            assert_eq!(serde_json::json!(kind), name(kind));
            assert_eq!(of_name(name(kind)), kind);
            let names: BTreeSet<_> = fields(kind).iter().map(|field| field.name).collect();
            assert_eq!(names.len(), fields(kind).len(), "{kind:?}");
        }
        assert_eq!(choices().len(), ChannelKind::ALL.len());
    }
}
