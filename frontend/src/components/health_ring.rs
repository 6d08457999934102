//! The health score as a ring in the colour of its band; never the explanation of the score.

use common::health::HealthBand;
use leptos::prelude::*;

use crate::format::{NOTHING, decimals};

/// The score's ring and number.
#[component]
pub fn HealthRing(
    /// 0 to 100; `None` when it is not known.
    #[prop(into)]
    score: Signal<Option<f64>>,
    /// Large enough for the head of a page, the number inside.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    // The circle's circumference is 100, so that the score is the length of the arc.
    let arc = move || format!("{:.1} 100", score.get().unwrap_or(0.0).clamp(0.0, 100.0));
    let arc_class = move || format!("ring__arc ring__arc--{}", band(score.get()));
    let number = move || decimals(score.get(), 0);
    move || {
        if score.with(Option::is_none) {
            return view! { <span class="muted">{NOTHING}</span> }.into_any();
        }
        view! {
            <span class="ring" class:ring--large=large>
                <svg class="ring__picture" viewBox="0 0 36 36" aria-hidden="true" focusable="false">
                    <circle class="ring__track" cx="18" cy="18" r="15.9155" />
                    <circle class=arc_class cx="18" cy="18" r="15.9155" stroke-dasharray=arc />
                </svg>
                <span class="ring__number values">
                    <span class="unseen">"Health "</span>
                    {number}
                </span>
            </span>
        }
        .into_any()
    }
}

/// The modifier of the score's colour; the bands are those of the API.
fn band(score: Option<f64>) -> &'static str {
    match score.map(HealthBand::of) {
        Some(HealthBand::Healthy) => "ok",
        Some(HealthBand::Degraded) => "degraded",
        Some(HealthBand::Warning) => "warning",
        Some(HealthBand::Critical) => "critical",
        Some(HealthBand::Unknown) | None => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::band;

    #[test]
    fn bands_begin_at_their_score() {
        for (score, expected) in [
            (Some(100.0), "ok"),
            (Some(90.0), "ok"),
            (Some(89.9), "degraded"),
            (Some(70.0), "degraded"),
            (Some(50.0), "warning"),
            (Some(49.9), "critical"),
            (None, "unknown"),
        ] {
            assert_eq!(band(score), expected);
        }
    }
}
