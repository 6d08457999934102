//! What stands in the form of a template, in each of its languages; never how it looks.

use std::collections::BTreeMap;

use common::api::channels::ChannelKind;
use common::api::templates::{Template, TemplateInput, TemplateParts, Translations};
use leptos::prelude::*;

use super::kinds;
use crate::api::ApiError;

/// The template's own language, among the others by BCP 47 name.
const OWN: &str = "";

/// What was entered: the fields show one language, the others are kept beside.
#[derive(Clone, Copy)]
pub struct Entered {
    /// The template's name.
    pub name: RwSignal<String>,
    /// The kind of channel, by its name.
    pub kind_name: RwSignal<String>,
    /// The title in the language that is shown; the others likewise.
    pub title: RwSignal<String>,
    /// The text.
    pub text: RwSignal<String>,
    /// The HTML.
    pub html: RwSignal<String>,
    /// The body of a request.
    pub body: RwSignal<String>,
    /// The language that is shown; empty: the template's own.
    shown: RwSignal<String>,
    /// What each language said when it was last shown.
    all: RwSignal<BTreeMap<String, TemplateParts>>,
}

impl Entered {
    /// A form that shows a template, or a new one.
    pub fn of(template: Option<&Template>) -> Self {
        let kind = template.map_or(ChannelKind::Email, |it| it.kind);
        let text = || RwSignal::new(String::new());
        let entered = Self {
            name: RwSignal::new(template.map(|it| it.name.clone()).unwrap_or_default()),
            kind_name: RwSignal::new(kinds::name(kind).to_owned()),
            title: text(),
            text: text(),
            html: text(),
            body: text(),
            shown: text(),
            all: RwSignal::default(),
        };
        match template {
            Some(template) => entered.show_all(&template.parts, &template.languages),
            None => entered
                .title
                .set("{{ alert.severity | upper }}: {{ title }}".to_owned()),
        }
        entered
    }

    /// Shows what a template says, or said, from its own language on.
    pub fn show_all(self, parts: &TemplateParts, languages: &Translations) {
        let each = languages
            .iter()
            .map(|(language, parts)| (language.to_string(), parts.clone()));
        self.all.set(each.collect());
        self.shown.set(OWN.to_owned());
        self.show(parts);
    }

    fn show(self, parts: &TemplateParts) {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        self.title.set(text(&parts.title));
        self.text.set(text(&parts.text));
        self.html.set(text(&parts.html));
        self.body.set(text(&parts.body));
    }

    /// The kind of channel that it is for.
    pub fn kind(self) -> ChannelKind {
        self.kind_name.with(|name| kinds::of_name(name))
    }

    /// The language that is shown; empty: the template's own.
    pub fn language(self) -> ReadSignal<String> {
        self.shown.read_only()
    }

    /// The languages beside the template's own.
    pub fn languages(self) -> Vec<String> {
        let shown = self.shown.get();
        let mut all: Vec<_> = self.all.with(|all| all.keys().cloned().collect());
        if !all.contains(&shown) {
            all.push(shown);
        }
        all.retain(|language| language != OWN);
        all.sort_unstable();
        all
    }

    /// Shows another language; one that is new says nothing of its own yet.
    pub fn turn_to(self, language: &str) {
        let (before, said) = (self.shown.get_untracked(), self.written());
        self.all.update(|all| {
            all.insert(before, said);
        });
        let parts = self.all.with_untracked(|all| all.get(language).cloned());
        self.shown.set(language.to_owned());
        self.show(&parts.unwrap_or_default());
    }

    /// Leaves out the language that is shown.
    pub fn leave_out(self) {
        let gone = self.shown.get_untracked();
        self.turn_to(OWN);
        self.all.update(|all| {
            all.remove(&gone);
        });
    }

    /// What the language that is shown says by itself: parts that are empty are left out.
    fn written(self) -> TemplateParts {
        let part = |text: RwSignal<String>| Some(text.get()).filter(|text| !text.trim().is_empty());
        TemplateParts {
            title: part(self.title),
            text: part(self.text),
            html: part(self.html),
            body: part(self.body),
        }
    }

    /// Without the parts that the kind does not have.
    fn fitting(self, parts: TemplateParts) -> TemplateParts {
        let kind = self.kind();
        TemplateParts {
            html: parts.html.filter(|_| takes_html(kind)),
            body: parts.body.filter(|_| kind == ChannelKind::Webhook),
            ..parts
        }
    }

    /// What it says to a reader of the language that is shown.
    pub fn parts(self) -> TemplateParts {
        let written = self.written();
        let own = self.all.with(|all| all.get(OWN).cloned());
        self.fitting(match own {
            Some(own) if self.shown.with(|shown| shown != OWN) => written.or(&own),
            _ => written,
        })
    }

    /// What the preview refused, at the place of the language that it was asked about.
    pub fn placed(self, error: ApiError) -> ApiError {
        let shown = self.shown.get_untracked();
        match error {
            ApiError::Invalid { mut fields, detail } => {
                for fault in &mut fields {
                    if let Some(part) = fault.field.strip_prefix("parts.") {
                        fault.field = field(&shown, part);
                    }
                }
                ApiError::Invalid { fields, detail }
            }
            other => other,
        }
    }

    /// The template that was entered.
    pub fn input(self) -> TemplateInput {
        let mut all = self.all.get();
        all.insert(self.shown.get(), self.written());
        let own = all.remove(OWN).unwrap_or_default();
        let each = all
            .into_iter()
            .filter_map(|(language, parts)| Some((language.parse().ok()?, self.fitting(parts))));
        TemplateInput {
            name: self.name.get().trim().to_owned(),
            kind: self.kind(),
            parts: self.fitting(own),
            languages: each.collect(),
        }
    }
}

/// Where the server names a part of a template, in its own language (empty) or another.
pub fn field(language: &str, part: &str) -> String {
    match language {
        OWN => format!("parts.{part}"),
        language => format!("languages.{language}.{part}"),
    }
}

/// Whether messages of the kind have a part of HTML.
pub const fn takes_html(kind: ChannelKind) -> bool {
    matches!(
        kind,
        ChannelKind::Email | ChannelKind::Sendgrid | ChannelKind::Ses | ChannelKind::Matrix
    )
}
