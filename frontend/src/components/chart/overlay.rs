//! The moving layer: cross-hair, dots on the curves, the stretch being marked; never the chart.

use common::chart::{ChartTheme, Rgb};
use common::time::UnixMs;
use leptos::wasm_bindgen::JsValue;
use std::f64::consts::TAU;
use web_sys::CanvasRenderingContext2d;

use super::picture::Picture;

/// What the pointer points at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pointing {
    /// The moment under the cross-hair.
    pub(super) cursor: Option<UnixMs>,
    /// The stretch being marked.
    pub(super) marked: Option<(UnixMs, UnixMs)>,
}

/// Draws the layer on a cleared canvas.
pub(super) fn paint(
    context: &CanvasRenderingContext2d,
    picture: &dyn Picture,
    theme: &ChartTheme,
    pointing: Pointing,
) {
    if let Some((a, b)) = pointing.marked {
        mark(context, picture, theme, a, b);
    }
    let cursor = pointing.cursor.filter(|at| picture.window().holds(*at));
    if let Some(at) = cursor {
        cross_hair(context, picture, theme, at);
    }
}

fn mark(
    context: &CanvasRenderingContext2d,
    picture: &dyn Picture,
    theme: &ChartTheme,
    a: UnixMs,
    b: UnixMs,
) {
    let (frame, window) = (picture.frame(), picture.window());
    let (left, right) = (frame.x_of(window, a.min(b)), frame.x_of(window, a.max(b)));
    context.set_global_alpha(0.15);
    context.set_fill_style_str(&css(theme.muted));
    context.fill_rect(left, frame.top, right - left, frame.height());
    context.set_global_alpha(1.0);
}

fn cross_hair(
    context: &CanvasRenderingContext2d,
    picture: &dyn Picture,
    theme: &ChartTheme,
    at: UnixMs,
) {
    let (frame, window) = (picture.frame(), picture.window());
    let x = frame.x_of(window, at).round() + 0.5;
    context.set_stroke_style_str(&css(theme.muted));
    context.set_line_width(1.0);
    dashes(context, &[2.0, 2.0]);
    context.begin_path();
    context.move_to(x, frame.top);
    context.line_to(x, frame.bottom);
    context.stroke();
    dashes(context, &[]);
    context.set_line_width(1.5);
    for dot in picture.dots(at) {
        context.begin_path();
        // Fails only for a negative radius.
        drop(context.arc(dot.x, dot.y, 3.5, 0.0, TAU));
        context.set_fill_style_str(&css(theme.series(dot.color)));
        context.set_stroke_style_str(&css(theme.panel));
        context.fill();
        context.stroke();
    }
}

fn dashes(context: &CanvasRenderingContext2d, lengths: &[f64]) {
    let list: js_sys::Array = lengths.iter().copied().map(JsValue::from_f64).collect();
    // Fails only for lengths that are no numbers.
    drop(context.set_line_dash(&list));
}

fn css((red, green, blue): Rgb) -> String {
    format!("rgb({red},{green},{blue})")
}
