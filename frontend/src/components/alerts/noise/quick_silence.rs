//! Silencing one alert, filled in but for how long; never one that is there.

use common::alert::{Alert, Silence, SilenceInput};
use common::time::UnixMs;
use leptos::prelude::*;

use super::conditions;
use super::hits::Hits;
use super::moment_field::{MomentDraft, MomentField};
use crate::api::{ApiError, noise};
use crate::browser;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Field, FormError, OtherErrors, Submission};
use crate::components::toast::use_toasts;
use crate::moments::Style;
use crate::state::alerts::use_alerts;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

const HOUR_MS: i64 = 3_600_000;
/// How long most silences are.
const SPANS: [(&str, i64); 4] = [
    ("1 hour", HOUR_MS),
    ("4 hours", 4 * HOUR_MS),
    ("1 day", 24 * HOUR_MS),
    ("1 week", 7 * 24 * HOUR_MS),
];

/// The dialog: a press on a length of time makes the silence.
#[component]
pub fn QuickSilence(
    /// The alert.
    alert: Alert,
    /// The person closed it, or it is done.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let (alerts, toasts, preferences) = (use_alerts(), use_toasts(), use_preferences());
    // The answer must be taken in even when the page is left meanwhile.
    let api = use_session().api();
    let form = Submission::new();
    let text = RwSignal::new(conditions::in_words(&conditions::of_alert(&alert)));
    let comment = RwSignal::new(String::new());
    let until = MomentDraft::of(None);
    let title = format!("Silence {} on {}", alert.rule, alert.server);
    let alert = StoredValue::new(alert);
    let silence = move |ends_at: Result<UnixMs, ApiError>| {
        let wanted = ends_at.and_then(|ends_at| {
            Ok(SilenceInput {
                matchers: conditions::read("matchers", &text.get_untracked())?,
                starts_at: None,
                ends_at,
                comment: comment.get_untracked().trim().to_owned(),
            })
        });
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(error) => return form.refuse(error),
        };
        let request = async move { noise::keep_silence(api, None, &wanted).await };
        // The row with this dialog goes with the change.
        let mut silenced = alert.get_value();
        form.send(request, move |made: Silence| {
            let until = preferences.moment(made.ends_at, Style::DayAndTime);
            toasts.done(format!(
                "{} is silent until {until}. “Silenced” at the alert ends it.",
                silenced.rule
            ));
            silenced.silenced_by.push(made.id);
            on_close.try_run(());
            alerts.amend(silenced);
        });
    };
    let spans = SPANS.map(|(word, ms)| {
        view! {
            <Button
                busy=form.busy()
                on_press=move |_| silence(Ok(browser::now().plus_ms(ms)))
            >
                {word}
            </Button>
        }
    });
    view! {
        <Dialog title on_close>
            <div class="form">
                <div class="field">
                    <p class="field__label" id="silence-spans">
                        "Nobody is told for"
                    </p>
                    <div class="spans" role="group" aria-labelledby="silence-spans">
                        {spans.into_iter().collect_view()}
                    </div>
                </div>
                <Field
                    id="silence-matchers"
                    label="Alerts with"
                    value=text
                    error=form.field("matchers")
                />
                <Hits text />
                <Field
                    id="silence-comment"
                    label="Comment"
                    value=comment
                    hint="Optional; says others why."
                    error=form.field("comment")
                />
                <MomentField
                    id="silence-until"
                    label="Or until"
                    draft=until
                    error=form.field("ends_at")
                />
                <OtherErrors of=form besides=&["matchers", "comment", "ends_at"] />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                    <Button
                        kind=ButtonKind::Main
                        busy=form.busy()
                        on_press=move |_| silence(until.needed("ends_at"))
                    >
                        "Silence until then"
                    </Button>
                </Actions>
            </div>
        </Dialog>
    }
}
