//! E-mail by a mail server: plain, STARTTLS or TLS; never its queue.

use std::net::IpAddr;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Message as Mail, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::response::Response;
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{AsyncTransport, Tokio1Executor};
use serde::Deserialize;

use super::config::Line;
use super::mail::{self, PICTURE};
use super::mailbox::Mailbox;
use super::verdict::Verdict;
use super::{Answered, Way, excerpt};
use crate::egress::EgressError;
use crate::notify::message::Message;

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["password"];

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::notify) struct Email {
    host: Line,
    /// That of the kind of security, when left out.
    port: Option<u16>,
    #[serde(default)]
    security: Security,
    username: Option<Line>,
    password: Option<Line>,
    from: Mailbox,
    #[serde(deserialize_with = "super::mailbox::some")]
    to: Vec<Mailbox>,
}

/// How the connection is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Security {
    /// Plain first, then TLS before anything is said; a server without it gets nothing.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Never.
    None,
}

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
enum MailError {
    #[error("{0}")]
    Smtp(#[from] SmtpError),
    #[error("{0}")]
    Egress(#[from] EgressError),
    #[error("the mail cannot be written: {0}")]
    Unfit(#[from] lettre::error::Error),
}

impl Email {
    /// Where it connects to.
    pub(super) fn host(&self) -> &str {
        self.host.as_str()
    }

    /// Hands the message to the mail server.
    pub(super) async fn send(&self, way: &Way, message: &Message) -> Answered {
        let after = way.limits.timeout;
        let sent = tokio::time::timeout(after, self.try_send(way, message)).await;
        let timed_out = || Err(EgressError::TimedOut { after }.into());
        let (verdict, status, answer) = match sent.unwrap_or_else(|_| timed_out()) {
            Ok(response) => {
                let said: Vec<_> = response.message().collect();
                (Verdict::Delivered, Some(code(&response)), said.join(" "))
            }
            Err(error) => (verdict(&error), status(&error), whole(&error)),
        };
        Answered {
            verdict,
            status,
            answer: excerpt(&answer),
            gone: Vec::new(),
            pictureless: None,
        }
    }

    async fn try_send(&self, way: &Way, message: &Message) -> Result<Response, MailError> {
        let mail = self.mail(message)?;
        let mut failed = None;
        for address in way.reach.addresses(self.host.as_str()).await? {
            match self.transport(way, address)?.send(mail.clone()).await {
                Ok(response) => return Ok(response),
                // Who answered has decided; another address may be asked when nobody did.
                Err(error) if error.is_response() => return Err(error.into()),
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            Some(error) => Err(error.into()),
            None => Err(EgressError::NoAddress {
                host: self.host.as_str().to_owned(),
                reason: "there is none".to_owned(),
            }
            .into()),
        }
    }

    /// A connection to the address that was checked, by the name for TLS.
    fn transport(
        &self,
        way: &Way,
        to: IpAddr,
    ) -> Result<AsyncSmtpTransport<Tokio1Executor>, SmtpError> {
        let tls = || TlsParameters::new(self.host.as_str().to_owned());
        let (port, tls) = match self.security {
            Security::Starttls => (587, Tls::Required(tls()?)),
            Security::Tls => (465, Tls::Wrapper(tls()?)),
            Security::None => (25, Tls::None),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(to.to_string())
            .port(self.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(way.limits.timeout));
        if let Some(name) = &self.username {
            let password = self.password.as_ref().map_or("", Line::as_str);
            let credentials = Credentials::new(name.as_str().to_owned(), password.to_owned());
            builder = builder.credentials(credentials);
        }
        Ok(builder.build())
    }

    /// The mail; the same number on each attempt, and one thread for each alert.
    fn mail(&self, message: &Message) -> Result<Mail, lettre::error::Error> {
        let number = |id: &dyn std::fmt::Display| format!("<{id}@watchpost>");
        let mut mail = Mail::builder()
            .from(self.from.parsed())
            .subject(&message.text.title)
            .message_id(Some(number(&message.key)));
        for to in &self.to {
            mail = mail.to(to.parsed());
        }
        if let Some(first) = message.first() {
            let thread = number(&first.alert.id);
            mail = mail.references(thread.clone()).in_reply_to(thread);
        }
        let png = content_type("image/png");
        let html = SinglePart::html(mail::html(message));
        let with_picture = match &message.picture {
            Some(picture) => MultiPart::related().singlepart(html).singlepart(
                Attachment::new_inline_with_name(PICTURE.to_owned(), "chart.png".to_owned())
                    .body(picture.png.to_vec(), png),
            ),
            None => MultiPart::related().singlepart(html),
        };
        let parts = MultiPart::alternative()
            .singlepart(SinglePart::plain(mail::plain(message)))
            .multipart(with_picture);
        let parts = match mail::list(message) {
            Some(list) => {
                let list = Attachment::new(mail::LIST.to_owned())
                    .body(list, content_type("text/csv; charset=utf-8"));
                MultiPart::mixed().multipart(parts).singlepart(list)
            }
            None => parts,
        };
        let mut mail = mail.multipart(parts)?;
        for (name, value) in mail::headers(message) {
            let name = HeaderName::new_from_ascii_str(name);
            mail.headers_mut().insert_raw(HeaderValue::new(name, value));
        }
        Ok(mail)
    }
}

fn content_type(name: &str) -> ContentType {
    ContentType::parse(name).unwrap_or(ContentType::TEXT_PLAIN)
}

fn verdict(error: &MailError) -> Verdict {
    match error {
        MailError::Smtp(error) if error.is_permanent() => Verdict::Refused,
        MailError::Smtp(_) => Verdict::Later(None),
        MailError::Egress(error) => super::egress_verdict(error),
        MailError::Unfit(_) => Verdict::Refused,
    }
}

fn status(error: &MailError) -> Option<i32> {
    match error {
        MailError::Smtp(error) => error.status()?.to_string().parse().ok(),
        MailError::Egress(_) | MailError::Unfit(_) => None,
    }
}

fn code(response: &Response) -> i32 {
    response.code().to_string().parse().unwrap_or(250)
}

/// The error with what caused it.
fn whole(error: &MailError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
