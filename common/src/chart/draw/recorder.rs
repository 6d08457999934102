//! A plotters backend that writes down what is drawn on it, for tests; never a picture.

use std::cell::RefCell;
use std::rc::Rc;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::prelude::DrawingBackend;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind,
};

use super::pen::DrawResult;
use crate::chart::Size;

/// Something drawn; `red` tells colours apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// A line of two points.
    Line { red: u8 },
    /// A line of more.
    Path { red: u8, width: u32 },
    /// A filled rectangle.
    Rectangle { red: u8 },
    /// A text.
    Text(String),
}

/// Runs `draw` on a backend of that size and tells what was drawn.
pub(super) fn record(
    size: Size,
    grain: f64,
    draw: impl FnOnce(&DrawingArea<Recorder, Shift>) -> DrawResult<Recorder>,
) -> Vec<Mark> {
    let marks = Rc::new(RefCell::new(Vec::new()));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a test's size"
    )]
    let area = Recorder {
        size: ((size.width * grain) as u32, (size.height * grain) as u32),
        marks: Rc::clone(&marks),
    }
    .into_drawing_area();
    draw(&area).unwrap();
    marks.take()
}

/// The backend.
pub(super) struct Recorder {
    size: (u32, u32),
    marks: Rc<RefCell<Vec<Mark>>>,
}

type Done = Result<(), DrawingErrorKind<std::io::Error>>;

impl Recorder {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "every call of a backend gives a result"
    )]
    fn keep(&self, mark: Option<Mark>) -> Done {
        self.marks.borrow_mut().extend(mark);
        Ok(())
    }
}

impl DrawingBackend for Recorder {
    type ErrorType = std::io::Error;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, _at: BackendCoord, _color: BackendColor) -> Done {
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        _a: BackendCoord,
        _b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.keep(fill.then(|| Mark::Rectangle {
            red: style.color().rgb.0,
        }))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        let red = style.color().rgb.0;
        self.keep(match path.into_iter().count() {
            0 | 1 => None,
            2 if style.stroke_width() != 14 => Some(Mark::Line { red }),
            _ => Some(Mark::Path {
                red,
                width: style.stroke_width(),
            }),
        })
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        _path: I,
        _style: &S,
    ) -> Done {
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        _style: &S,
        _at: BackendCoord,
    ) -> Done {
        self.keep(Some(Mark::Text(text.to_owned())))
    }
}
