//! What a template says about an alert, while it is typed; never its form.

use std::time::Duration;

use common::alert::Alert;
use common::api::alerts::AlertFilter;
use common::api::templates::{PreviewTemplate, TemplatePreview as Preview};
use common::ids::AlertId;
use leptos::prelude::*;

use super::template_entered::Entered;
use crate::api::{alerts, templates, use_api};
use crate::components::form::{Choice, Submission};
use crate::components::page::Panel;
use crate::components::skeleton::{Shape, Skeleton};
use crate::moments::{Style, moment, own_zone};
use crate::reactive::{effect, spawn};
use crate::state::load::Load;

/// Waits for the end of a word before it asks.
const PAUSE: Duration = Duration::from_millis(300);

/// What the template says now.
#[component]
pub fn TemplatePreview(
    /// What was typed.
    entered: Entered,
    /// Says what is wrong.
    form: Submission,
) -> impl IntoView {
    let api = use_api();
    let about = RwSignal::new(String::new());
    let shown = RwSignal::new(None::<Preview>);
    let is_old = RwSignal::new(false);
    let turn = StoredValue::new(0_u32);
    let known = Load::new(|api| async move {
        let page = alerts::history(api, &AlertFilter::default(), None).await?;
        Ok(page.items)
    });
    effect(move || {
        let wanted = PreviewTemplate {
            kind: entered.kind(),
            parts: entered.parts(),
            alert: about.with(|id| id.parse::<AlertId>().ok()),
        };
        let this = turn.get_value().wrapping_add(1);
        turn.set_value(this);
        let is_last = move || turn.try_get_value() == Some(this);
        let ask = move || {
            spawn(async move {
                if !is_last() {
                    return;
                }
                let answer = templates::preview(api, &wanted).await;
                if !is_last() {
                    return;
                }
                match answer {
                    Ok(preview) => {
                        form.accept();
                        is_old.set(false);
                        shown.set(Some(preview));
                    }
                    Err(error) => {
                        is_old.set(true);
                        form.refuse(entered.placed(error));
                    }
                }
            });
        };
        set_timeout(ask, PAUSE);
    });
    let alerts = move || {
        let of = |all: &Vec<Alert>| all.iter().map(choice).collect::<Vec<_>>();
        let known = known
            .state()
            .with(|known| known.value().map_or_else(Vec::new, of));
        let made_up = (String::new(), "an alert that never was".to_owned());
        let options: Vec<_> = std::iter::once(made_up).chain(known).collect();
        view! { <Choice id="template-alert" label="About" options value=about /> }
    };
    view! {
        <Panel title="What it says">
            <div class="form">
                {alerts}
                <div class="said" class:stale=move || is_old.get() aria-live="polite">
                    {move || match shown.get() {
                        None => view! { <Skeleton shape=Shape::Rows(3) /> }.into_any(),
                        Some(said) => view! { <Said said /> }.into_any(),
                    }}
                </div>
            </div>
        </Panel>
    }
}

/// An alert in the menu.
fn choice(alert: &Alert) -> (String, String) {
    let at = moment(alert.started_at, Style::DayAndTime, own_zone());
    let word = format!("{} on {}, {at}", alert.rule, alert.server);
    (alert.id.to_string(), word)
}

/// Every part as it goes out.
#[component]
fn Said(said: Preview) -> impl IntoView {
    let part = |name: &'static str, text: String| {
        view! {
            <div class="said__part">
                <h3 class="field__label">{name}</h3>
                <pre class="said__text values" tabindex="0">{text}</pre>
            </div>
        }
    };
    view! {
        {part("Title", said.title)}
        {part("Text", said.text)}
        {part("HTML", said.html)}
        {said.body.map(|body| part("Body of the request", body))}
    }
}
