//! Pointer, wheel and keys of a plate, handed to the gestures and from there to the group of charts.
//! Never decides what a gesture means.

use common::time::UnixMs;
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::gesture::{Act, Gesture, Grip, Ground};
use super::group::ChartGroup;
use super::keys::{KeyAct, act_of};
use super::plate::Shown;

/// The hands on one plate.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    group: ChartGroup,
    shown: Shown,
    plate: NodeRef<html::Div>,
    gesture: StoredValue<Gesture>,
}

impl Hands {
    /// Hands on the plate at `plate`, which shows `shown`.
    pub(super) fn new(group: ChartGroup, shown: Shown, plate: NodeRef<html::Div>) -> Self {
        Self {
            group,
            shown,
            plate,
            gesture: StoredValue::new(Gesture::default()),
        }
    }

    /// A pointer comes down.
    pub(super) fn down(self, event: &PointerEvent) {
        let is_touch = event.pointer_type() == "touch";
        if !is_touch && event.button() != 0 {
            return;
        }
        let (Some(ground), Some(x)) = (self.ground(), self.x(event.client_x())) else {
            return;
        };
        let grip = match (is_touch, event.shift_key()) {
            (true, _) => Grip::Touch,
            (false, true) => Grip::Pan,
            (false, false) => Grip::Mark,
        };
        if let Some(plate) = self.element() {
            // Fails only when the pointer is already gone.
            drop(plate.set_pointer_capture(event.pointer_id()));
        }
        self.gesture
            .update_value(|gesture| gesture.down(event.pointer_id(), x, grip, &ground));
    }

    /// A pointer moves.
    pub(super) fn moved(self, event: &PointerEvent) {
        let (Some(ground), Some(x)) = (self.ground(), self.x(event.client_x())) else {
            return;
        };
        let mut act = Act::Nothing;
        self.gesture
            .update_value(|gesture| act = gesture.moved(event.pointer_id(), x, &ground));
        let is_inside = x >= ground.frame.left && x <= ground.frame.right;
        self.group.hover(is_inside.then(|| ground.at(x)));
        self.perform(act);
    }

    /// A pointer goes up.
    pub(super) fn up(self, event: &PointerEvent) {
        let (Some(ground), Some(x)) = (self.ground(), self.x(event.client_x())) else {
            return;
        };
        let mut act = Act::Nothing;
        self.gesture
            .update_value(|gesture| act = gesture.up(event.pointer_id(), x, &ground));
        self.group.marked().set(None);
        if event.pointer_type() == "touch" {
            self.group.hover(None);
        }
        self.perform(act);
    }

    /// The pointer leaves the plate.
    pub(super) fn left(self) {
        self.group.hover(None);
    }

    /// The browser took the pointer for something else.
    pub(super) fn cancelled(self) {
        self.gesture.update_value(Gesture::cancel);
        self.group.marked().set(None);
        self.group.hover(None);
    }

    /// The wheel turns: zooms around the pointer.
    pub(super) fn wheel(self, event: &WheelEvent) {
        let (Some(ground), Some(x)) = (self.ground(), self.x(event.client_x())) else {
            return;
        };
        event.prevent_default();
        let closer = if event.delta_y() < 0.0 { 0.8 } else { 1.25 };
        self.group.zoom(ground.at(x), closer);
    }

    /// A key is pressed on the plate.
    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(ground) = self.ground() else {
            return;
        };
        let cursor = self.group.pinned().get_untracked();
        let Some(act) = act_of(&event.key(), event.shift_key(), ground.window, cursor) else {
            return;
        };
        event.prevent_default();
        match act {
            KeyAct::Cursor(at) => self.group.pin(Some(at)),
            KeyAct::Zoom(centre, factor) => self.group.zoom(centre, factor),
            KeyAct::Release => self.group.pin(None),
            KeyAct::Reset => self.group.go_home(),
        }
    }

    fn perform(self, act: Act) {
        match act {
            Act::Nothing => {}
            Act::Mark(a, b) => self.group.marked().set(Some((a, b))),
            Act::Show(view) => self.group.show(view),
            Act::Pin(at) => self.pin(at),
        }
    }

    /// A click pins the moment; one on the pinned moment lets it go.
    fn pin(self, at: UnixMs) {
        let pinned = self.group.pinned().get_untracked();
        let near = self
            .ground()
            .map_or(0, |ground| ground.window.span_ms() / 100);
        let again = pinned.is_some_and(|pinned| pinned.since_ms(at).abs() <= near);
        self.group.pin((!again).then_some(at));
    }

    fn ground(self) -> Option<Ground> {
        self.shown.with_value(|shown| {
            shown.as_ref().map(|picture| Ground {
                frame: picture.frame(),
                window: picture.window(),
                newest: self.group.newest().get_untracked(),
            })
        })
    }

    fn x(self, client_x: i32) -> Option<f64> {
        self.element()
            .map(|plate| f64::from(client_x) - plate.get_bounding_client_rect().left())
    }

    fn element(self) -> Option<HtmlElement> {
        self.plate.get_untracked().map(JsCast::unchecked_into)
    }
}
