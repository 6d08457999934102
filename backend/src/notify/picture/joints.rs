//! A bitmap on which thick lines are drawn piece by piece: the library's own joints of pieces that are
//! shorter than the line is thick stand out of it, as peaks that were never measured.

use plotters::prelude::BitMapBackend;
use plotters_backend::rasterizer::polygonize;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind,
};

/// The bitmap.
pub(super) struct Joints<'a>(pub(super) BitMapBackend<'a>);

type Failure<'a> = DrawingErrorKind<<BitMapBackend<'a> as DrawingBackend>::ErrorType>;

impl<'a> DrawingBackend for Joints<'a> {
    type ErrorType = <BitMapBackend<'a> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Result<(), Failure<'a>> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), Failure<'a>> {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Result<(), Failure<'a>> {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), Failure<'a>> {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), Failure<'a>> {
        self.0.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), Failure<'a>> {
        let points: Vec<BackendCoord> = path.into_iter().collect();
        let thick = style.stroke_width();
        for piece in points.windows(2) {
            if piece[0] == piece[1] {
                continue;
            }
            self.fill_polygon(polygonize(piece, thick), &style.color())?;
            // Round, as a pen leaves it: the next piece begins somewhere in it.
            self.draw_circle(piece[1], thick / 2, &style.color(), true)?;
        }
        Ok(())
    }
}
