//! What happens between the press of a form's button and its answer; never the request itself.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::banner::{Banner, Tone};
use crate::reactive::spawn;

/// What is done with an answer.
type Then = Box<dyn FnOnce()>;

/// A form that is being sent, or was refused.
#[derive(Clone, Copy)]
pub struct Submission {
    busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
}

impl Submission {
    /// Nothing sent yet.
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    /// Whether an answer is awaited.
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// What is wrong with the field at this path of the request.
    pub fn field(self, path: &'static str) -> Signal<Option<String>> {
        let error = self.error;
        Signal::derive(move || {
            error.with(|error| error.as_ref().and_then(|error| error.of_field(path)))
        })
    }

    /// What is wrong with the field at this path, or with one of the values in it.
    pub fn field_or_below(self, path: &'static str) -> Signal<Option<String>> {
        let error = self.error;
        let is_below = move |found: &str| {
            let rest = found.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        Signal::derive(move || {
            error.with(|error| match error {
                Some(ApiError::Invalid { fields, .. }) => {
                    let mut all = fields.iter();
                    let found = all.find(|wrong| is_below(&wrong.field));
                    found.map(|wrong| wrong.message.clone())
                }
                _ => None,
            })
        })
    }

    /// Nothing is wrong any more.
    pub fn accept(self) {
        self.error.try_set(None);
    }

    /// The same for a path that is put together: `conditions[1].metric`.
    pub fn said_of(self, path: &str) -> Option<String> {
        let error = self.error;
        error.with(|error| error.as_ref().and_then(|error| error.of_field(path)))
    }

    /// Refuses the form before it is sent.
    pub fn refuse(self, error: ApiError) {
        self.error.set(Some(error));
    }

    /// Sends the form and does `then` with what was answered; a second press meanwhile does nothing.
    pub fn send<T: 'static>(
        self,
        request: impl Future<Output = Result<T, ApiError>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        self.run(Box::pin(async move {
            let answer = request.await?;
            Ok(Box::new(move || then(answer)) as Then)
        }));
    }

    /// Sends what was entered, or says what is wrong with it.
    pub fn send_entered<E, T: 'static, R>(
        self,
        entered: Result<E, ApiError>,
        request: impl FnOnce(E) -> R,
        then: impl FnOnce(T) + 'static,
    ) where
        R: Future<Output = Result<T, ApiError>> + 'static,
    {
        match entered {
            Err(error) => self.refuse(error),
            Ok(entered) => self.send(request(entered), then),
        }
    }

    fn run(self, request: Pin<Box<dyn Future<Output = Result<Then, ApiError>>>>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn(async move {
            let outcome = request.await;
            // The form may be gone by now.
            self.busy.try_set(false);
            match outcome {
                Ok(then) => {
                    self.error.try_set(None);
                    then();
                }
                Err(ApiError::Aborted) => {}
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }
}

impl Default for Submission {
    fn default() -> Self {
        Self::new()
    }
}

/// What is wrong with the form as a whole; errors of fields stand beside them.
#[component]
pub fn FormError(
    /// The form.
    of: Submission,
) -> impl IntoView {
    let text = move || {
        of.error.with(|error| match error {
            Some(ApiError::Invalid { fields, .. })
                if fields.iter().any(|field| !field.field.is_empty()) =>
            {
                None
            }
            Some(error) => Some(error.message()),
            None => None,
        })
    };
    view! {
        <div role="alert">
            {move || text().map(|text| view! { <Banner tone=Tone::Critical>{text}</Banner> })}
        </div>
    }
}

/// What is wrong with fields that have no place of their own in the form, each after its path.
#[component]
pub fn OtherErrors(
    /// The form.
    of: Submission,
    /// The fields that have one.
    besides: &'static [&'static str],
) -> impl IntoView {
    let lines = move || {
        of.error.with(|error| {
            let Some(ApiError::Invalid { fields, .. }) = error else {
                return Vec::new();
            };
            let others = fields.iter().filter(|it| {
                let path = it.field.as_str();
                !path.is_empty() && !besides.contains(&path)
            });
            let lines = others.map(|it| format!("{}: {}", it.field, it.message));
            lines.collect::<Vec<_>>()
        })
    };
    let items = move || {
        let lines = lines();
        let items = lines.into_iter().map(|line| view! { <p>{line}</p> });
        let items: Vec<_> = items.collect();
        (!items.is_empty()).then(|| view! { <Banner tone=Tone::Critical>{items}</Banner> })
    };
    view! { <div role="alert">{items}</div> }
}
