//! The canvas as plotters sees it: finer than its pixels, and measuring text on itself.
//! Never adds an element to the page, as plotters' own measuring does: the content policy forbids that.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Plotters' whole pixels for each CSS pixel: curves are thin and lie between pixels.
pub const GRAIN: f64 = 10.0;

type CanvasError = <CanvasBackend as DrawingBackend>::ErrorType;
type Done = Result<(), DrawingErrorKind<CanvasError>>;

/// A canvas that plotters draws on under a scaled context.
pub struct FineCanvas {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    size: (u32, u32),
}

impl FineCanvas {
    /// The canvas, cleared; `scale` is its own pixels for each CSS pixel. `None` when it cannot be drawn on.
    pub fn cleared(
        canvas: HtmlCanvasElement,
        context: CanvasRenderingContext2d,
        scale: f64,
    ) -> Option<Self> {
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let step = scale / GRAIN;
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, width, height);
        context.set_transform(step, 0.0, 0.0, step, 0.0, 0.0).ok()?;
        // Pointed corners of a jagged line would stick out above its highest value.
        context.set_line_join("round");
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a canvas of a few thousand pixels"
        )]
        let fine = |pixels: f64| (pixels / step).round() as u32;
        Some(Self {
            inner: CanvasBackend::with_canvas_object(canvas)?,
            context,
            size: (fine(width), fine(height)),
        })
    }
}

impl DrawingBackend for FineCanvas {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Done {
        self.inner.draw_pixel(at, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S) -> Done {
        self.inner.draw_line(a, b, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        lower_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.inner.draw_rect(upper_left, lower_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.inner.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Done {
        self.inner.draw_circle(centre, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        outline: I,
        style: &S,
    ) -> Done {
        self.inner.fill_polygon(outline, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Done {
        self.inner.draw_text(text, style, at)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<CanvasError>> {
        let size = style.size();
        self.context
            .set_font(&format!("{size}px {}", style.family().as_str()));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the width of a label"
        )]
        let whole = |length: f64| length.ceil().max(0.0) as u32;
        let width = self
            .context
            .measure_text(text)
            .map_or(0, |metrics| whole(metrics.width()));
        Ok((width, whole(size)))
    }
}
