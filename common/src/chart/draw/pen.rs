//! The few strokes that a chart is made of, in CSS pixels; never which ones or where.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::prelude::{Color, DrawingBackend, IntoFont, RGBColor, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::chart::theme::{ChartTheme, Rgb};

/// What drawing on a backend gives.
pub type DrawResult<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Size of a label in CSS pixels.
const LABEL: f64 = 10.0;
/// Width of a letter of a label, generously.
const LETTER: f64 = 5.8;

/// Which point of a text lies at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The middle of its right edge.
    MiddleRight,
    /// The middle of its upper edge.
    TopCentre,
    /// Its lower left corner.
    BottomLeft,
    /// Its lower right corner.
    BottomRight,
    /// Its middle.
    Centre,
}

impl Anchor {
    fn pos(self) -> Pos {
        match self {
            Self::MiddleRight => Pos::new(HPos::Right, VPos::Center),
            Self::TopCentre => Pos::new(HPos::Center, VPos::Top),
            Self::BottomLeft => Pos::new(HPos::Left, VPos::Bottom),
            Self::BottomRight => Pos::new(HPos::Right, VPos::Bottom),
            Self::Centre => Pos::new(HPos::Center, VPos::Center),
        }
    }
}

/// Draws in CSS pixels on a backend with `grain` pixels for each.
pub(super) struct Pen<'a, DB: DrawingBackend> {
    pub(super) area: &'a DrawingArea<DB, Shift>,
    pub(super) theme: &'a ChartTheme,
    pub(super) grain: f64,
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A straight line.
    pub(super) fn line(
        &self,
        a: (f64, f64),
        b: (f64, f64),
        color: Rgb,
        width: f64,
    ) -> DrawResult<DB> {
        self.path(vec![a, b], color, width)
    }

    /// A line through several points.
    pub(super) fn path(&self, points: Vec<(f64, f64)>, color: Rgb, width: f64) -> DrawResult<DB> {
        let style = ShapeStyle {
            color: rgb(color).to_rgba(),
            filled: false,
            stroke_width: self.breadth(width),
        };
        self.area.draw(&PathElement::new(self.all(points), style))
    }

    /// A filled outline; `share` of its colour covers what lies below.
    pub(super) fn polygon(
        &self,
        points: Vec<(f64, f64)>,
        color: Rgb,
        share: f64,
    ) -> DrawResult<DB> {
        let style = rgb(color).mix(share).filled();
        self.area.draw(&Polygon::new(self.all(points), style))
    }

    /// A filled rectangle; `share` of its colour covers what lies below.
    pub(super) fn rectangle(
        &self,
        a: (f64, f64),
        b: (f64, f64),
        color: Rgb,
        share: f64,
    ) -> DrawResult<DB> {
        let style = rgb(color).mix(share).filled();
        self.area
            .draw(&Rectangle::new([self.at(a), self.at(b)], style))
    }

    /// A filled dot.
    pub(super) fn dot(&self, centre: (f64, f64), radius: f64, color: Rgb) -> DrawResult<DB> {
        let style = rgb(color).filled();
        self.area
            .draw(&Circle::new(self.at(centre), self.breadth(radius), style))
    }

    /// A muted label.
    pub(super) fn label(&self, text: &str, at: (f64, f64), anchor: Anchor) -> DrawResult<DB> {
        self.text(text, at, self.theme.muted, anchor)
    }

    /// A text on a filled tag whose right end lies at `at`.
    pub(super) fn tag(&self, text: &str, at: (f64, f64), color: Rgb) -> DrawResult<DB> {
        #[expect(clippy::cast_precision_loss, reason = "a few letters")]
        let width = text.chars().count() as f64 * LETTER + 10.0;
        let upper_left = (at.0 - width, at.1 - 8.0);
        self.rectangle(upper_left, (at.0, at.1 + 8.0), color, 1.0)?;
        let middle = (at.0 - width / 2.0, at.1);
        self.text(text, middle, self.theme.panel, Anchor::Centre)
    }

    fn text(&self, text: &str, at: (f64, f64), color: Rgb, anchor: Anchor) -> DrawResult<DB> {
        let font = (self.theme.font.as_str(), LABEL * self.grain).into_font();
        let color = rgb(color);
        let style = TextStyle::from(font).color(&color).pos(anchor.pos());
        self.area.draw_text(text, &style, self.at(at))
    }

    fn all(&self, points: Vec<(f64, f64)>) -> Vec<(i32, i32)> {
        points.into_iter().map(|point| self.at(point)).collect()
    }

    #[expect(clippy::cast_possible_truncation, reason = "pixels of a canvas")]
    fn at(&self, point: (f64, f64)) -> (i32, i32) {
        let whole = |pixels: f64| (pixels * self.grain).round() as i32;
        (whole(point.0), whole(point.1))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few pixels"
    )]
    fn breadth(&self, pixels: f64) -> u32 {
        (pixels * self.grain).round().max(1.0) as u32
    }
}

fn rgb(color: Rgb) -> RGBColor {
    RGBColor(color.0, color.1, color.2)
}
