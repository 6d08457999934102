//! A percentage as a bar with its number beside it; never without the number.

use leptos::prelude::*;

use crate::format::{NOTHING, percent};

/// From which share on a bar speaks up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marks {
    /// From here on it is a warning.
    pub warning: f64,
    /// From here on it is critical.
    pub critical: f64,
}

impl Marks {
    /// The modifier of a value's colour; empty below the marks.
    pub fn modifier(self, value: f64) -> &'static str {
        if value >= self.critical {
            "critical"
        } else if value >= self.warning {
            "warning"
        } else {
            "calm"
        }
    }
}

/// A share of a whole, 0 to 100; a dash when it is not known.
#[component]
pub fn Meter(
    /// What is measured, read aloud.
    label: &'static str,
    /// The share, 0 to 100.
    #[prop(into)]
    value: Signal<Option<f64>>,
    /// Where it changes its colour.
    marks: Marks,
) -> impl IntoView {
    let class = move || {
        let modifier = value.get().map_or("calm", |value| marks.modifier(value));
        format!("meter__bar meter__bar--{modifier}")
    };
    let width = move || {
        let share = value.get().unwrap_or(0.0).clamp(0.0, 100.0);
        format!("{share:.1}%")
    };
    move || {
        if value.with(Option::is_none) {
            view! { <span class="muted">{NOTHING}</span> }.into_any()
        } else {
            view! {
                <span class="meter">
                    <span class="meter__track" aria-hidden="true">
                        <span class=class style:width=width></span>
                    </span>
                    <span class="meter__value values">
                        <span class="unseen">{label} " "</span>
                        {move || percent(value.get())}
                    </span>
                </span>
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn a_bar_speaks_up_at_its_marks() {
        let marks = Marks {
            warning: 80.0,
            critical: 95.0,
        };
        for (value, modifier) in [
            (79.9, "calm"),
            (80.0, "warning"),
            (94.9, "warning"),
            (95.0, "critical"),
        ] {
            assert_eq!(marks.modifier(value), modifier);
        }
    }
}
