//! What an e-mail says, whoever carries it; never an address.

use crate::alerts;
use crate::notify::message::Message;

/// The name under which the HTML shows the picture.
pub(super) const PICTURE: &str = "chart";

/// The name of the file that lists the alerts.
pub(super) const LIST: &str = "alerts.csv";

/// The alerts as a table, when there are several: one is whole in the text.
pub(super) fn list(message: &Message) -> Option<Vec<u8>> {
    let alerts = message.alerts.iter().map(|it| &it.alert);
    (message.alerts.len() > 1).then(|| alerts::as_csv(alerts))
}

/// Headers of every mail: that a program wrote it, and, when its reader may leave the channel, how a mail
/// program does that for the reader (RFC 8058).
pub(super) fn headers(message: &Message) -> Vec<(&'static str, String)> {
    let mut headers = vec![("Auto-Submitted", "auto-generated".to_owned())];
    if let Some(url) = &message.links.unsubscribe {
        headers.push(("List-Unsubscribe", format!("<{url}>")));
        let by_one_click = "List-Unsubscribe=One-Click".to_owned();
        headers.push(("List-Unsubscribe-Post", by_one_click));
    }
    headers
}

/// The part for readers without HTML.
pub(super) fn plain(message: &Message) -> String {
    let mut text = message.text.body.clone();
    let links = &message.links;
    for (name, url) in [
        ("Alert", &links.alert),
        ("Take it", &links.acknowledge),
        ("Runbook", &links.runbook),
        ("Unsubscribe", &links.unsubscribe),
    ] {
        if let Some(url) = url {
            text.extend(["\n", name, ": ", url]);
        }
    }
    // A mail without a text is taken for spam.
    if text.trim().is_empty() {
        message.text.title.clone()
    } else {
        text
    }
}

/// The part with the picture, when there is one.
pub(super) fn html(message: &Message) -> String {
    let mut html = message.text.html.clone();
    if let Some(picture) = &message.picture {
        let about = escaped(&picture.about);
        let image = [
            "<p><img src=\"cid:",
            PICTURE,
            "\" alt=\"",
            &about,
            "\"></p>",
        ];
        html.extend(image);
    }
    let links = &message.links;
    for (name, url) in [
        ("Open the alert", &links.alert),
        ("Take it", &links.acknowledge),
        ("Runbook", &links.runbook),
        ("Unsubscribe", &links.unsubscribe),
    ] {
        if let Some(url) = url {
            html.extend(["<p><a href=\"", &escaped(url), "\">", name, "</a></p>"]);
        }
    }
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
