//! A canvas in the page and its size; never what is drawn on it.

use common::chart::Size;
use leptos::wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::canvas::FineCanvas;
use super::sizing::{pixels, scale};

/// The context to draw on; `None` when the browser refuses one.
pub(super) fn context_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Gives the canvas of the static layer its size and clears it.
pub(super) fn static_layer(canvas: HtmlCanvasElement, size: Size) -> Option<FineCanvas> {
    let ratio = leptos::prelude::window().device_pixel_ratio();
    let scale = scale(ratio, size.width, size.height);
    resize(&canvas, size, scale);
    let context = context_of(&canvas)?;
    FineCanvas::cleared(canvas, context, scale)
}

/// Gives the canvas of the moving layer its size and clears it; its pixels are CSS pixels.
pub(super) fn moving_layer(
    canvas: &HtmlCanvasElement,
    size: Size,
) -> Option<CanvasRenderingContext2d> {
    resize(canvas, size, 1.0);
    let context = context_of(canvas)?;
    context.clear_rect(0.0, 0.0, size.width, size.height);
    Some(context)
}

/// Setting the size of a canvas clears and reallocates it: only when it changed.
fn resize(canvas: &HtmlCanvasElement, size: Size, scale: f64) {
    let (width, height) = (pixels(size.width, scale), pixels(size.height, scale));
    if canvas.width() != width {
        canvas.set_width(width);
    }
    if canvas.height() != height {
        canvas.set_height(height);
    }
}
