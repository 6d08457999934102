//! The parts of a template: each checked and rendered by itself; one that fails falls back to the usual words.

use common::api::channels::ChannelKind;
use common::api::templates::{TemplateInput, TemplateParts};
use common::problem::FieldError;
use minijinja::Value;

use super::context::values;
use super::sandbox::{self, Failed, Form};
use crate::notify::message::{Message, Text};
use crate::notify::wording;

/// What a message says by a template, and what of it failed.
pub(in crate::notify) fn render(
    parts: &TemplateParts,
    message: &Message,
) -> (Text, Vec<(&'static str, String)>) {
    let usual = wording::text(message);
    let values = values(message, &usual);
    let mut failed = Vec::new();
    let mut part = |name, source: &Option<String>, form| {
        let rendered = of(source.as_deref(), form, &values);
        rendered.unwrap_or_else(|error| {
            failed.push((name, error.to_string()));
            None
        })
    };
    let title = part("title", &parts.title, Form::Text);
    let body = part("text", &parts.text, Form::Text);
    let html = part("html", &parts.html, Form::Html);
    let raw = part("body", &parts.body, Form::Json);
    let html = html.or_else(|| body.as_deref().map(as_html));
    let text = Text {
        // A title is one line, whatever its template has.
        title: title.map_or(usual.title, |title| one_line(&title)),
        body: body.unwrap_or(usual.body),
        html: html.unwrap_or(usual.html),
        raw,
    };
    (text, failed)
}

fn of(source: Option<&str>, form: Form, values: &Value) -> Result<Option<String>, Failed> {
    source
        .map(|source| sandbox::render(source, form, values))
        .transpose()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A plain text for readers of HTML.
fn as_html(text: &str) -> String {
    let lines = text.lines().map(wording::escaped);
    format!("<p>{}</p>", lines.collect::<Vec<_>>().join("<br>"))
}

/// So many other languages a template has at most.
const MOST_LANGUAGES: usize = 20;

/// What is wrong with what a template says, in any of its languages.
pub(super) fn check_all(input: &TemplateInput, sample: &Message) -> Vec<FieldError> {
    let mut wrong = check(input.kind, &input.parts, sample);
    if input.languages.len() > MOST_LANGUAGES {
        let message = format!("must not be more than {MOST_LANGUAGES}");
        wrong.push(FieldError::new("languages", message));
        return wrong;
    }
    for (language, parts) in &input.languages {
        for fault in check(input.kind, parts, sample) {
            let part = fault.field.trim_start_matches("parts.");
            let field = format!("languages.{language}.{part}");
            wrong.push(FieldError::new(field, fault.message));
        }
    }
    wrong
}

/// What is wrong with the parts of a template for that kind of channel.
pub(super) fn check(kind: ChannelKind, parts: &TemplateParts, sample: &Message) -> Vec<FieldError> {
    let (_, failed) = render(parts, sample);
    let mut wrong: Vec<_> = failed
        .into_iter()
        .map(|(part, message)| FieldError::new(format!("parts.{part}"), message))
        .collect();
    let takes_html = matches!(
        kind,
        ChannelKind::Email | ChannelKind::Sendgrid | ChannelKind::Ses | ChannelKind::Matrix
    );
    if parts.html.is_some() && !takes_html {
        wrong.push(FieldError::new("parts.html", "this kind shows no HTML"));
    }
    if parts.body.is_some() && kind != ChannelKind::Webhook {
        wrong.push(FieldError::new("parts.body", "is for webhooks alone"));
    }
    wrong
}
