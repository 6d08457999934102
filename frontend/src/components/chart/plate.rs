//! Two canvases in one another's place: a still layer and one that moves with the pointer.
//! Never knows what kind of chart it shows.

use std::rc::Rc;

use common::chart::Size;
use leptos::html;
use leptos::prelude::*;
use plotters::drawing::IntoDrawingArea;

use super::frames::Frames;
use super::group::{ChartGroup, use_charts};
use super::hands::Hands;
use super::overlay::{Pointing, paint};
use super::picture::Picture;
use super::size::watch_size;
use super::surface::{moving_layer, static_layer};
use crate::reactive::effect;

/// The picture that is on the canvas.
pub(super) type Shown = StoredValue<Option<Rc<dyn Picture>>, LocalStorage>;

/// A picture that can be pointed at, zoomed and panned, by pointer and by key.
#[component]
pub fn Plate<L>(
    /// Lays the picture out for a size; signals that it reads lay it out anew.
    lay_out: L,
    /// What it shows, in a sentence.
    #[prop(into)]
    label: Signal<String>,
    /// What stands under the cross-hair, in words.
    #[prop(into)]
    reading: Signal<String>,
) -> impl IntoView
where
    L: Fn(Size) -> Rc<dyn Picture> + 'static,
{
    let group = use_charts();
    let plate = NodeRef::<html::Div>::new();
    let still = NodeRef::<html::Canvas>::new();
    let moving = NodeRef::<html::Canvas>::new();
    let shown: Shown = StoredValue::new_local(None);
    let size = watch_size(plate);
    let draw_moving = Frames::new(move || draw_moving(group, shown, moving, size));
    let draw_still = Frames::new(move || {
        draw_still(group, shown, still, size);
        draw_moving.request();
    });
    effect(move || {
        group.theme().track();
        let (true, Some(size)) = (group.visible(), size.get()) else {
            return;
        };
        shown.set_value(Some(lay_out(size)));
        draw_still.request();
    });
    effect(move || {
        group.cursor();
        group.marked().track();
        draw_moving.request();
    });
    let hands = Hands::new(group, shown, plate);
    let (now, span) = (
        move || place_of_cursor(group),
        move || seconds(group.window().get().span_ms()),
    );
    view! {
        <div
            class="plate"
            node_ref=plate
            role="slider"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax=span
            aria-valuenow=now
            aria-valuetext=reading
            on:pointerdown=move |event| hands.down(&event)
            on:pointermove=move |event| hands.moved(&event)
            on:pointerup=move |event| hands.up(&event)
            on:pointerleave=move |_| hands.left()
            on:pointercancel=move |_| hands.cancelled()
            on:wheel=move |event| hands.wheel(&event)
            on:dblclick=move |_| {
                group.pin(None);
                group.go_home();
            }
            on:keydown=move |event| hands.key(&event)
        >
            <canvas class="plate__layer" node_ref=still></canvas>
            <canvas class="plate__layer" node_ref=moving></canvas>
        </div>
    }
}

fn draw_still(
    group: ChartGroup,
    shown: Shown,
    canvas: NodeRef<html::Canvas>,
    size: ReadSignal<Option<Size>>,
) {
    let (Some(canvas), Some(size)) = (canvas.get_untracked(), size.get_untracked()) else {
        return;
    };
    let Some(layer) = static_layer(canvas, size) else {
        return;
    };
    shown.with_value(|picture| {
        if let Some(picture) = picture {
            // A canvas that refuses to draw has nothing to say about it.
            drop(picture.draw(&layer.into_drawing_area(), &group.theme().get_untracked()));
        }
    });
}

fn draw_moving(
    group: ChartGroup,
    shown: Shown,
    canvas: NodeRef<html::Canvas>,
    size: ReadSignal<Option<Size>>,
) {
    let (Some(canvas), Some(size)) = (canvas.get_untracked(), size.get_untracked()) else {
        return;
    };
    let Some(context) = moving_layer(&canvas, size) else {
        return;
    };
    let pointing = untrack(|| Pointing {
        cursor: group.cursor(),
        marked: group.marked().get(),
    });
    shown.with_value(|picture| {
        if let Some(picture) = picture {
            let theme = group.theme().get_untracked();
            paint(&context, picture.as_ref(), &theme, pointing);
        }
    });
}

/// Seconds from the left edge to the cross-hair; the right edge without one.
fn place_of_cursor(group: ChartGroup) -> i64 {
    let window = group.window().get();
    let at = group
        .cursor()
        .unwrap_or(window.to)
        .clamp(window.from, window.to);
    seconds(at.since_ms(window.from))
}

fn seconds(ms: i64) -> i64 {
    ms / 1_000
}
