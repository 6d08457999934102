//! Where an alert would go that is only thought of; never tells anybody.

use std::collections::BTreeMap;

use common::alert::LabelMatch;
use common::api::routes::{AskedRoute, RouteDryRun, RouteDryRunInput, TakenRoute, TargetReached};
use common::problem::FieldError;
use common::series::matcher::MatchOp;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::{ApiError, routing, use_api};
use crate::components::alerts::noise::conditions;
use crate::components::alerts::targets::Names;
use crate::components::button::Button;
use crate::components::form::{Choice, Field, FormError, Submission};
use crate::state::fleet::use_fleet;
use crate::state::load::Load;

/// A form with an alert in it, and who would be told.
#[component]
pub fn DryRun(
    /// The names of all that can be told.
    names: Load<Names>,
) -> impl IntoView {
    let api = use_api();
    let form = Submission::new();
    let found = RwSignal::new(None::<RouteDryRun>);
    let severity = RwSignal::new("critical".to_owned());
    let server = RwSignal::new(String::new());
    let labels = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let read = read(&labels.get_untracked()).map(|mut labels| {
            let chosen = [("severity", severity), ("server", server)];
            let chosen = chosen.map(|(name, value)| (name.to_owned(), value.get_untracked()));
            labels.extend(chosen.into_iter().filter(|(_, value)| !value.is_empty()));
            RouteDryRunInput { labels, at: None }
        });
        match read {
            Err(error) => form.refuse(error),
            Ok(asked) => {
                let request = async move { routing::dry_run(api, &asked).await };
                form.send(request, move |answer| {
                    found.try_set(Some(answer));
                });
            }
        }
    };
    let severities = [("critical", "Critical"), ("warning", "Warning")];
    let severities = severities.map(|(name, word)| (name.to_owned(), word.to_owned()));
    let mut servers = vec![(String::new(), "Any".to_owned())];
    let rows = untrack(|| use_fleet().rows()).into_iter();
    servers.extend(rows.map(|row| {
        let name = row.status.with_untracked(|it| it.name.clone());
        (name.clone(), name)
    }));
    let answer = move || {
        let known = names.state().get();
        let names = known.value().cloned().unwrap_or_default();
        found.get().map(|found| answer(found, &names))
    };
    view! {
        <form class="dry-run" on:submit=submit aria-labelledby="dry-run-title">
            <h3 id="dry-run-title">"Who would be told?"</h3>
            <div class="form__row">
                <Choice
                    id="dry-run-severity"
                    label="Severity"
                    options=severities.to_vec()
                    value=severity
                />
                <Choice id="dry-run-server" label="Server" options=servers value=server />
                <Field
                    id="dry-run-labels"
                    label="Other labels"
                    value=labels
                    hint="Such as alertname=\"CPU is busy\", mount=\"/\"."
                    error=form.field("labels")
                />
            </div>
            <FormError of=form />
            <p>
                <Button busy=form.busy()>"Try it"</Button>
            </p>
            <div role="status">{answer}</div>
        </form>
    }
}

/// Labels with their values.
fn read(text: &str) -> Result<BTreeMap<String, String>, ApiError> {
    let LabelMatch(conditions) = conditions::read("labels", text)?;
    if conditions.iter().any(|it| it.op != MatchOp::Equal) {
        let message = "an alert has labels with values, such as server=\"web-1\"";
        return Err(ApiError::Invalid {
            fields: vec![FieldError::new("labels", message)],
            detail: message.to_owned(),
        });
    }
    let labels = conditions.into_iter().map(|it| (it.name, it.value));
    Ok(labels.collect())
}

fn answer(found: RouteDryRun, names: &Names) -> AnyView {
    let taken: Vec<_> = found.taken.iter().map(|it| taken(it, names)).collect();
    let asked: Vec<_> = found.asked.into_iter().map(asked).collect();
    let why = (!asked.is_empty()).then(|| {
        view! {
            <details>
                <summary>"Every route, and why"</summary>
                <ul class="noted__steps">{asked}</ul>
            </details>
        }
    });
    view! {
        <ul class="noted">{taken}</ul>
        {why}
    }
    .into_any()
}

fn taken(route: &TakenRoute, names: &Names) -> AnyView {
    let path = if route.path.is_empty() {
        "No route takes it: all enabled channels are told".to_owned()
    } else {
        format!("By {}", route.path.join(" › "))
    };
    let targets = route
        .targets
        .iter()
        .map(|it| view! { <li>{reached(it, names)}</li> }.into_any());
    let targets: Vec<_> = targets.collect();
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <strong>{path}</strong>
                <ul class="noted__steps">{targets}</ul>
            </div>
        </li>
    }
    .into_any()
}

/// A target, where it leads, and what there is to say to that.
fn reached(target: &TargetReached, names: &Names) -> String {
    let mut said = names.of(target.target);
    let channels = target.channels.iter().filter_map(|id| {
        let known = names.channels.iter().find(|it| it.id == *id);
        known.map(|it| it.name.clone())
    });
    let channels: Vec<String> = channels.collect();
    if let Some(person) = target.person {
        said.push_str(" → ");
        said.push_str(&names.person(Some(person)));
    }
    if !channels.is_empty() {
        said.push_str(" → ");
        said.push_str(&channels.join(", "));
    }
    if let Some(note) = &target.note {
        said.push_str(": ");
        said.push_str(note);
    }
    said
}

fn asked(route: AskedRoute) -> AnyView {
    let path = route.path.join(" › ");
    let word = if route.takes {
        "takes it"
    } else {
        "does not take it"
    };
    view! { <li>{path} " " {word} ": " {route.reason}</li> }.into_any()
}
