//! The thresholds of a rule as lines in its chart, moved by pointer and by key; never how they are drawn.

use common::alert::Severity;
use common::chart::{ChartUnit, ValueBounds};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::rule_fields::RuleFields;
use crate::components::chart::ValueScale;
use crate::reactive::memo;

/// The axis as the chart has it, and as it is held while a line is dragged: it must not move below the
/// pointer.
#[derive(Clone, Copy)]
pub struct Axis {
    /// Told by the chart.
    pub scale: RwSignal<Option<ValueScale>>,
    /// While a line is dragged.
    pub held: RwSignal<Option<ValueScale>>,
}

impl Default for Axis {
    fn default() -> Self {
        Self::new()
    }
}

impl Axis {
    /// An axis that no chart has told yet.
    pub fn new() -> Self {
        Self {
            scale: RwSignal::new(None),
            held: RwSignal::new(None),
        }
    }

    /// The ends of the axis while it is held.
    pub fn bounds(self) -> Option<ValueBounds> {
        let held = self.held.get()?;
        Some(ValueBounds {
            low: Some(held.low),
            high: Some(held.high),
        })
    }

    fn now(self) -> Option<ValueScale> {
        self.held.get_untracked().or(self.scale.get_untracked())
    }
}

/// What can be taken hold of, a line for each threshold that is set.
#[component]
pub fn RuleLines(
    /// The form's fields.
    fields: RuleFields,
    /// What the values are counted in.
    unit: ChartUnit,
    /// The chart's axis.
    axis: Axis,
) -> impl IntoView {
    let line = move |severity| {
        let is_there = memo(move || {
            fields.threshold_at(severity).is_some() && axis.scale.with(Option::is_some)
        });
        view! {
            <Show when=move || is_there.get()>
                <Line fields unit axis severity />
            </Show>
        }
    };
    view! {
        {line(Severity::Warning)}
        {line(Severity::Critical)}
    }
}

#[component]
fn Line(fields: RuleFields, unit: ChartUnit, axis: Axis, severity: Severity) -> impl IntoView {
    let hand = Hand {
        fields,
        axis,
        severity,
        element: NodeRef::new(),
        grip: StoredValue::new(None),
    };
    let label = match severity {
        Severity::Warning => "Warning threshold",
        Severity::Critical => "Critical threshold",
    };
    let value = move || fields.threshold_at(severity);
    let end =
        move |of: fn(ValueScale) -> f64| move || axis.scale.get().map(|it| of(it).to_string());
    let top = move || {
        let scale = axis.scale.get()?;
        Some(format!("{}px", scale.y_of(value()?)))
    };
    view! {
        <div
            class=format!("rule-line rule-line--{}", severity.as_str())
            node_ref=hand.element
            role="slider"
            tabindex="0"
            aria-label=label
            aria-orientation="vertical"
            aria-valuemin=end(|it| it.low)
            aria-valuemax=end(|it| it.high)
            aria-valuenow=move || value().map(|it| it.to_string())
            aria-valuetext=move || unit.format(value())
            style:top=top
            on:pointerdown=move |event| hand.down(&event)
            on:pointermove=move |event| hand.moved(&event)
            on:pointerup=move |_| hand.up()
            on:pointercancel=move |_| hand.up()
            on:keydown=move |event| hand.key(&event)
        ></div>
    }
}

/// The hand on a line.
#[derive(Clone, Copy)]
struct Hand {
    fields: RuleFields,
    axis: Axis,
    severity: Severity,
    element: NodeRef<html::Div>,
    /// How far below the line it was taken hold of.
    grip: StoredValue<Option<f64>>,
}

impl Hand {
    fn down(self, event: &PointerEvent) {
        let (Some(scale), Some(value)) = (self.axis.now(), self.value()) else {
            return;
        };
        let (Some(y), Some(element)) = (self.y(event), self.element()) else {
            return;
        };
        if event.button() != 0 {
            return;
        }
        // Fails only when the pointer is already gone.
        drop(element.set_pointer_capture(event.pointer_id()));
        drop(element.focus());
        self.grip.set_value(Some(y - scale.y_of(value)));
        self.axis.held.set(Some(scale));
        event.prevent_default();
    }

    fn moved(self, event: &PointerEvent) {
        let (Some(grip), Some(y)) = (self.grip.get_value(), self.y(event)) else {
            return;
        };
        if let Some(scale) = self.axis.now() {
            self.take(scale.value_at(y - grip));
        }
    }

    fn up(self) {
        self.grip.set_value(None);
        self.axis.held.set(None);
    }

    fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (Some(scale), Some(value)) = (self.axis.now(), self.value()) else {
            return;
        };
        let next = match event.key().as_str() {
            "ArrowUp" | "ArrowRight" => scale.stepped(value, 1.0),
            "ArrowDown" | "ArrowLeft" => scale.stepped(value, -1.0),
            "PageUp" => scale.stepped(value, 10.0),
            "PageDown" => scale.stepped(value, -10.0),
            "Home" => scale.low,
            "End" => scale.high,
            _ => return,
        };
        event.prevent_default();
        self.take(next);
    }

    fn value(self) -> Option<f64> {
        untrack(|| self.fields.threshold_at(self.severity))
    }

    fn take(self, value: f64) {
        let text = value.to_string();
        let field = self.fields.threshold(self.severity);
        if field.with_untracked(|known| *known != text) {
            field.set(text);
        }
    }

    /// Pixels below the upper edge of the plate.
    fn y(self, event: &PointerEvent) -> Option<f64> {
        let ground = self.element()?.parent_element()?;
        Some(f64::from(event.client_y()) - ground.get_bounding_client_rect().top())
    }

    fn element(self) -> Option<HtmlElement> {
        self.element.get_untracked().map(JsCast::unchecked_into)
    }
}
