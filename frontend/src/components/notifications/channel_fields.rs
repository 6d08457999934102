//! The fields that a kind of channel asks for; never what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use common::api::channels::ChannelKind;
use leptos::prelude::*;

use super::kinds::{Input, KindField, fields};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, Field, FieldKind, Submission};

/// What was typed into the fields of all kinds, by name: another kind and back loses nothing.
#[derive(Clone, Copy)]
pub struct Typed {
    texts: StoredValue<BTreeMap<&'static str, RwSignal<String>>>,
    forgotten: RwSignal<BTreeSet<&'static str>>,
}

impl Typed {
    /// Fields that begin with these texts.
    pub fn new(begin: impl Fn(&'static str) -> String) -> Self {
        let mut texts = BTreeMap::new();
        for field in ChannelKind::ALL.into_iter().flat_map(fields) {
            let text = texts.entry(field.name);
            text.or_insert_with(|| RwSignal::new(usual(field, begin(field.name))));
        }
        Self {
            texts: StoredValue::new(texts),
            forgotten: RwSignal::new(BTreeSet::new()),
        }
    }

    /// What stands in a field now.
    pub fn text(self, name: &'static str) -> String {
        self.signal(name).map(|text| text.get()).unwrap_or_default()
    }

    /// Whether the stored secret is to be forgotten.
    pub fn is_forgotten(self, name: &'static str) -> bool {
        self.forgotten.with(|all| all.contains(name))
    }

    fn signal(self, name: &'static str) -> Option<RwSignal<String>> {
        self.texts.with_value(|texts| texts.get(name).copied())
    }

    fn forget(self, name: &'static str, forgotten: bool) {
        self.forgotten.update(|all| {
            if forgotten {
                all.insert(name);
            } else {
                all.remove(name);
            }
        });
    }
}

/// A choice begins with its first value.
fn usual(field: &KindField, text: String) -> String {
    match field.input {
        Input::Choice([(first, _), ..]) if text.is_empty() => (*first).to_owned(),
        _ => text,
    }
}

/// The fields of a kind.
#[component]
pub fn KindFields(
    /// The kind.
    kind: ChannelKind,
    /// What was typed.
    typed: Typed,
    /// Says what is wrong.
    form: Submission,
    /// The secrets that the server has.
    mut stored: BTreeSet<String>,
) -> impl IntoView {
    let each = fields(kind).iter().filter_map(move |field| {
        let value = typed.signal(field.name)?;
        // A list has its error at the one that is wrong.
        let error = form.field_or_below(field.path);
        Some(match field.input {
            Input::Secret { optional } => {
                let is_stored = stored.remove(field.name);
                view! { <Secret field typed value error is_stored optional /> }.into_any()
            }
            Input::Choice(options) => {
                let words = options
                    .iter()
                    .map(|(value, word)| ((*value).to_owned(), (*word).to_owned()));
                view! {
                    <Choice id=field.id label=field.label options=words.collect() value error />
                }
                .into_any()
            }
            Input::Line | Input::Number | Input::List => {
                let kind = match field.input {
                    Input::Number => FieldKind::Number,
                    _ => FieldKind::Text,
                };
                view! {
                    <Field id=field.id label=field.label kind value hint=field.hint error />
                }
                .into_any()
            }
        })
    });
    each.collect_view()
}

/// A secret: it is typed anew or stays.
#[component]
fn Secret(
    field: &'static KindField,
    typed: Typed,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
    is_stored: bool,
    optional: bool,
) -> impl IntoView {
    let name = field.name;
    let is_forgotten = move || typed.is_forgotten(name);
    let hint = if is_stored {
        "Stored, and never shown. Empty: it stays."
    } else {
        field.hint
    };
    let forget = move || {
        let word = if is_forgotten() {
            "Keep it after all"
        } else {
            "Forget the stored one"
        };
        view! {
            <Button kind=ButtonKind::Quiet on_press=move |_| typed.forget(name, !untrack(is_forgotten))>
                {word}
                <span class="unseen">": " {field.label}</span>
            </Button>
        }
    };
    view! {
        <div class="secret">
            <Field id=field.id label=field.label kind=FieldKind::Secret value hint error />
            {(is_stored && optional).then_some(forget)}
            {move || {
                is_forgotten()
                    .then_some(view! { <p class="field__hint">"It is forgotten when this is saved."</p> })
            }}
        </div>
    }
}
