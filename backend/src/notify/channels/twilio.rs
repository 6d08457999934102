//! Twilio: one short message to one number; never a call.
//!
//! By "Create a Message resource" of <https://www.twilio.com/docs/messaging/api/message-resource>: a form with
//! `To`, `From` or `MessagingServiceSid`, and a `Body` of up to 1,600 characters.

use serde::Deserialize;

use super::config::{Endpoint, Line};
use super::{Provider, request};
use crate::egress::Request;
use crate::notify::message::{Message, cut};

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["auth_token"];

/// Three parts of a long message in letters that SMS has no alphabet for.
const CHARS: usize = 201;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Twilio {
    account_sid: Line,
    auth_token: Line,
    /// A number, `+15017122661`, or the id of a messaging service.
    from: Line,
    /// A number, `+15558675310`.
    to: Line,
    #[serde(default = "api_url")]
    api_url: Endpoint,
}

fn api_url() -> Endpoint {
    Endpoint::known("https://api.twilio.com")
}

impl Provider for Twilio {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let account = self.account_sid.as_str();
        let url = self
            .api_url
            .below(&["2010-04-01", "Accounts", account, "Messages.json"]);
        let from = self.from.as_str();
        let sender = if from.starts_with("MG") {
            "MessagingServiceSid"
        } else {
            "From"
        };
        let text = format!("{}. {}", message.text.title, message.text.body);
        let text = cut(text.trim(), CHARS);
        let fields = [("To", self.to.as_str()), (sender, from), ("Body", &text)];
        let asked = request::form(url, &fields);
        vec![request::basic(asked, account, self.auth_token.as_str())]
    }
}
