//! What a rule would have done, while it is typed, and what other thresholds would; never a promise.

use std::time::Duration;

use common::alert::{RuleInput, RuleKind, Severity};
use common::api::rules::{
    Advice, AdviseRequest, Candidate, Preview, PreviewInterval, PreviewRequest,
};
use common::chart::AlertBand;
use common::time::UnixMs;
use leptos::prelude::*;

use super::rule_fields::RuleFields;
use super::words::unit_of;
use crate::api::{ApiError, rules};
use crate::browser;
use crate::components::button::{Button, ButtonKind};
use crate::components::page::Panel;
use crate::format::{count, lasting};
use crate::moments::Style;
use crate::reactive::{effect, memo};
use crate::state::load::{Load, Loaded};
use crate::state::preferences::use_preferences;

/// What is looked back at: a week, and a month for the advice.
const TRIED_MS: i64 = 7 * DAY_MS;
const ADVISED_MS: i64 = 30 * DAY_MS;
const DAY_MS: i64 = 86_400_000;
/// Cells of the strip, six hours each.
const CELLS: i64 = 28;
/// Typing must rest this long before a rule is tried.
const REST: Duration = Duration::from_millis(500);

/// The panel beside the form.
#[component]
pub fn RuleTrial(
    /// The fields of the form.
    fields: RuleFields,
    /// Told when it would have fired.
    fired: RwSignal<Vec<AlertBand>>,
) -> impl IntoView {
    let rule = rested(&fields);
    let preview = Load::new(move |api| {
        let (rule, to) = (rule.get(), browser::now());
        async move {
            let Some(rule) = rule.filter(has_condition) else {
                return Ok(None);
            };
            let from = to.plus_ms(-TRIED_MS);
            let tried = rules::preview(api, &PreviewRequest { rule, from, to }).await?;
            Ok(Some((to, tried)))
        }
    });
    let advice = Load::new(move |api| {
        let (rule, to) = (rule.get(), browser::now());
        async move {
            let Some(rule) = rule.filter(|rule| rule.kind == RuleKind::Threshold) else {
                return Ok(None);
            };
            let from = to.plus_ms(-ADVISED_MS);
            rules::advise(api, &AdviseRequest { rule, from, to })
                .await
                .map(Some)
        }
    });
    effect(move || {
        let bands = preview.state().with(|state| match state {
            Loaded::Ready(Some((_, tried))) => bands(tried),
            _ => Vec::new(),
        });
        fired.set(bands);
    });
    view! {
        <Panel title="The last 7 days with this rule">
            {move || match preview.state().get() {
                Loaded::Loading => view! { <p class="muted">"Trying it…"</p> }.into_any(),
                Loaded::Failed(error) | Loaded::Stale(_, error) => {
                    view! { <p class="muted" role="status">{reason(&error)}</p> }.into_any()
                }
                Loaded::Ready(None) => {
                    view! { <p class="muted">"Once the fields are filled in, it is tried on what is stored."</p> }
                        .into_any()
                }
                Loaded::Ready(Some((to, tried))) => view! { <Strip to tried /> }.into_any(),
            }}
        </Panel>
        {move || match advice.state().get() {
            Loaded::Ready(Some(advice)) if !advice.candidates.is_empty() => {
                view! { <Advisor advice fields /> }.into_any()
            }
            _ => ().into_any(),
        }}
    }
}

/// Whether it names what it looks at.
fn has_subject(rule: &RuleInput) -> bool {
    match rule.kind {
        RuleKind::Threshold | RuleKind::Absence | RuleKind::Rate => !rule.metric.is_empty(),
        RuleKind::Promql => rule.expression.as_ref().is_some_and(|it| !it.is_empty()),
        RuleKind::Composite => {
            !rule.conditions.is_empty() && rule.conditions.iter().all(|it| !it.metric.is_empty())
        }
    }
}

/// Whether it says when it fires as well.
fn has_condition(rule: &RuleInput) -> bool {
    let either = |warning: Option<f64>, critical: Option<f64>| warning.or(critical).is_some();
    match rule.kind {
        RuleKind::Threshold | RuleKind::Rate => either(rule.warning, rule.critical),
        RuleKind::Absence | RuleKind::Promql => true,
        RuleKind::Composite => {
            let mut all = rule.conditions.iter();
            all.all(|it| either(it.warning, it.critical))
        }
    }
}

/// Why it could not be tried, field by field where the server says so.
fn reason(error: &ApiError) -> String {
    match error {
        ApiError::Invalid { fields, .. } if !fields.is_empty() => {
            let said = fields.iter().map(|it| {
                let field = it.field.trim_start_matches("rule.");
                format!("{field}: {}", it.message)
            });
            said.collect::<Vec<_>>().join(" ")
        }
        other => other.message(),
    }
}

fn bands(tried: &Preview) -> Vec<AlertBand> {
    let band = |it: &PreviewInterval| AlertBand {
        from: it.started_at,
        to: it.ended_at,
        severity: it.severity,
    };
    tried.intervals.iter().map(band).collect()
}

/// When it would have fired, in cells, and how often in a sentence.
#[component]
fn Strip(to: UnixMs, tried: Preview) -> impl IntoView {
    let preferences = use_preferences();
    let from = to.plus_ms(-TRIED_MS);
    let cells = worst(&tried, from);
    let critical = tried
        .intervals
        .iter()
        .filter(|it| it.severity == Severity::Critical)
        .count();
    let said = said(&tried, critical);
    view! {
        <ol class="tried" aria-label="Six hours each">
            {cells
                .into_iter()
                .zip(0..)
                .map(|(severity, cell)| {
                    let at = from.plus_ms(cell * TRIED_MS / CELLS);
                    let word = severity.map_or("quiet", Severity::as_str);
                    view! {
                        <li
                            class=format!("tried__cell tried__cell--{word}")
                            title=move || {
                                format!("{}: {word}", preferences.moment(at, Style::DayAndTime))
                            }
                        >
                            <span class="unseen">{word}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
        <p role="status">{said}</p>
    }
}

/// The worst of each cell; `None` where it is quiet.
fn worst(tried: &Preview, from: UnixMs) -> Vec<Option<Severity>> {
    let mut cells = vec![None; usize::try_from(CELLS).unwrap_or_default()];
    let cell = |at: UnixMs| (at.since_ms(from) * CELLS / TRIED_MS).clamp(0, CELLS - 1);
    for interval in &tried.intervals {
        let last = interval.ended_at.map_or(CELLS - 1, cell);
        for place in cell(interval.started_at)..=last {
            if let Some(worst) = usize::try_from(place).ok().and_then(|it| cells.get_mut(it)) {
                *worst = (*worst).max(Some(interval.severity));
            }
        }
    }
    cells
}

fn said(tried: &Preview, critical: usize) -> String {
    if tried.evaluated_points == 0 {
        return "Nothing is stored that it could have looked at.".to_owned();
    }
    if tried.fired == 0 {
        return "It would not have fired.".to_owned();
    }
    format!(
        "It would have fired {}, {critical} critical, {} in all, {} sent.",
        times(tried.fired),
        lasting(tried.firing_seconds),
        match tried.notifications {
            1 => "1 message".to_owned(),
            messages => format!("{} messages", count(messages)),
        },
    )
}

fn times(number: u64) -> String {
    match number {
        1 => "once".to_owned(),
        number => format!("{} times", count(number)),
    }
}

/// What each threshold would have done in a month.
#[component]
fn Advisor(advice: Advice, fields: RuleFields) -> impl IntoView {
    let unit = unit_of(untrack(|| fields.draft()).metric.trim());
    let row = move |candidate: Candidate| {
        let chosen = candidate.chosen.map(|severity| match severity {
            Severity::Warning => "warning now",
            Severity::Critical => "critical now",
        });
        view! {
            <tr class:advice__chosen=chosen.is_some()>
                <td class="values">{unit.format(Some(candidate.value))}</td>
                <td class="values number">{count(candidate.firings)}</td>
                <td class="values number">
                    {lasting(candidate.firing_seconds)}
                </td>
                <td>
                    {match chosen {
                        Some(word) => view! { <span class="muted">{word}</span> }.into_any(),
                        None => {
                            view! {
                                <Button
                                    kind=ButtonKind::Quiet
                                    on_press=move |_| fields.warning.set(candidate.value.to_string())
                                >
                                    "Warn here"
                                </Button>
                            }
                                .into_any()
                        }
                    }}
                </td>
            </tr>
        }
    };
    let why = advice.warning.map(|it| it.why);
    view! {
        <Panel title="Threshold advisor">
            <table class="table advice">
                <thead>
                    <tr>
                        <th>"Threshold"</th>
                        <th class="number">"Fires in 30 d"</th>
                        <th class="number">"For"</th>
                        <th>
                            <span class="unseen">"Choice"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{advice.candidates.into_iter().map(row).collect_view()}</tbody>
            </table>
            {why.map(|why| view! { <p class="muted">{why}</p> })}
        </Panel>
    }
}

/// The rule once typing rests; `None` while it is none.
fn rested(fields: &RuleFields) -> ReadSignal<Option<RuleInput>> {
    let fields = *fields;
    let wanted = memo(move || {
        let mut rule = fields.draft().rule().ok()?;
        // What it is called and whom it tells changes nothing of when it fires.
        "Trial".clone_into(&mut rule.name);
        rule.runbook_url = None;
        rule.annotations.clear();
        rule.channels.clear();
        has_subject(&rule).then_some(rule)
    });
    let (rule, set_rule) = signal(wanted.get_untracked());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let next = wanted.get();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        if rule.get_untracked() == next {
            return;
        }
        let take = move || {
            set_rule.try_set(next.clone());
        };
        timer.set_value(set_timeout_with_handle(take, REST).ok());
    });
    rule
}

#[cfg(test)]
mod tests {
    use super::*;
    use common::ids::ServerId;

    fn interval(hours: std::ops::Range<i64>, severity: Severity, ends: bool) -> PreviewInterval {
        PreviewInterval {
            server_id: "00000000-0000-7000-8000-000000000001"
                .parse::<ServerId>()
                .unwrap(),
            server: "web-1".to_owned(),
            labels: std::collections::BTreeMap::new(),
            severity,
            started_at: UnixMs(hours.start * 3_600_000),
            ended_at: ends.then_some(UnixMs(hours.end * 3_600_000)),
            steps: Vec::new(),
        }
    }

    #[test]
    fn a_cell_shows_the_worst_of_its_hours() {
        let tried = Preview {
            intervals: vec![
                interval(1..2, Severity::Warning, true),
                interval(3..7, Severity::Critical, true),
                interval(167..168, Severity::Warning, false),
            ],
            ..Preview::default()
        };
        let cells = worst(&tried, UnixMs(0));
        assert_eq!(cells.len(), 28);
        assert_eq!(
            &cells[..3],
            [Some(Severity::Critical), Some(Severity::Critical), None]
        );
        assert_eq!(cells[27], Some(Severity::Warning));
        assert!(cells[3..27].iter().all(Option::is_none));
    }
}
