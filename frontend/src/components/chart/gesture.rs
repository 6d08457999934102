//! What a pointer does on a chart: mark, pan, pinch, pin; pure, never an event.

use common::chart::{Frame, TimeWindow};
use common::time::UnixMs;

use super::view::View;

/// A pointer that moved less than this did not drag.
const CLICK_PIXELS: f64 = 4.0;

/// What a gesture asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Act {
    /// Nothing, or nothing yet.
    Nothing,
    /// This stretch is being marked.
    Mark(UnixMs, UnixMs),
    /// Look at this.
    Show(View),
    /// Keep the cross-hair here.
    Pin(UnixMs),
}

/// How a drag began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grip {
    /// With a mouse or a pen: marks.
    Mark,
    /// The same with shift: pans.
    Pan,
    /// With a finger: one pans, two pinch.
    Touch,
}

/// What is known where the pointer is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    /// Where the curves lie.
    pub(super) frame: Frame,
    /// What is shown.
    pub(super) window: TimeWindow,
    /// The newest reading.
    pub(super) newest: UnixMs,
}

impl Ground {
    /// The moment at `x`.
    pub(super) fn at(&self, x: f64) -> UnixMs {
        self.frame.at_of(self.window, x)
    }
}

#[derive(Debug, Clone, Copy)]
struct Pointer {
    id: i32,
    from: f64,
    x: f64,
}

/// A gesture from its first touch to its last.
#[derive(Debug, Clone, Default)]
pub(super) struct Gesture {
    pointers: Vec<Pointer>,
    grip: Option<Grip>,
    /// What was shown when the last pointer came down.
    start: Option<TimeWindow>,
    /// It moved far enough not to be a click.
    dragged: bool,
}

impl Gesture {
    /// A pointer comes down.
    pub(super) fn down(&mut self, id: i32, x: f64, grip: Grip, ground: &Ground) {
        if self.pointers.is_empty() {
            self.grip = Some(grip);
            self.dragged = false;
        } else {
            self.dragged = true;
        }
        for pointer in &mut self.pointers {
            pointer.from = pointer.x;
        }
        self.pointers.push(Pointer { id, from: x, x });
        self.start = Some(ground.window);
    }

    /// A pointer moves, pressed or not.
    pub(super) fn moved(&mut self, id: i32, x: f64, ground: &Ground) -> Act {
        let Some(pointer) = self.pointers.iter_mut().find(|it| it.id == id) else {
            return Act::Nothing;
        };
        pointer.x = x;
        self.dragged |= (x - pointer.from).abs() >= CLICK_PIXELS;
        let (Some(start), true) = (self.start, self.dragged) else {
            return Act::Nothing;
        };
        match (&self.pointers[..], self.grip) {
            ([a, b], Some(Grip::Touch)) => pinch(*a, *b, start, ground),
            ([one], Some(Grip::Mark)) => Act::Mark(ground.at(one.from), ground.at(one.x)),
            ([one], Some(Grip::Pan | Grip::Touch)) => pan(*one, start, ground),
            _ => Act::Nothing,
        }
    }

    /// A pointer goes up.
    pub(super) fn up(&mut self, id: i32, x: f64, ground: &Ground) -> Act {
        let known = self.pointers.iter().position(|it| it.id == id);
        let Some(pointer) = known.map(|index| self.pointers.remove(index)) else {
            return Act::Nothing;
        };
        self.start = Some(ground.window);
        for rest in &mut self.pointers {
            rest.from = rest.x;
        }
        if !self.pointers.is_empty() {
            return Act::Nothing;
        }
        match self.grip.take() {
            Some(_) if !self.dragged => Act::Pin(ground.at(x)),
            Some(Grip::Mark) => {
                View::marked(ground.at(pointer.from), ground.at(x)).map_or(Act::Nothing, Act::Show)
            }
            _ => Act::Nothing,
        }
    }

    /// The browser took the pointer for something else.
    pub(super) fn cancel(&mut self) {
        *self = Self::default();
    }
}

fn pan(one: Pointer, start: TimeWindow, ground: &Ground) -> Act {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a pixel is coarser"
    )]
    let ms = ((one.from - one.x) / ground.frame.width() * start.span_ms() as f64) as i64;
    Act::Show(View::Fixed(start).moved(ground.newest, ms))
}

fn pinch(a: Pointer, b: Pointer, start: TimeWindow, ground: &Ground) -> Act {
    let before = (a.from - b.from).abs().max(1.0);
    let after = (a.x - b.x).abs().max(1.0);
    let centre = ground.frame.at_of(start, f64::midpoint(a.from, b.from));
    Act::Show(View::Fixed(start).zoomed(ground.newest, centre, before / after))
}

#[cfg(test)]
mod tests {
    use super::{Act, Gesture, Grip, Ground};
    use crate::components::chart::View;
    use common::chart::{Frame, TimeWindow};
    use common::time::UnixMs;

    /// A pixel is a second.
    const GROUND: Ground = Ground {
        frame: Frame {
            left: 0.0,
            top: 0.0,
            right: 300.0,
            bottom: 100.0,
        },
        window: TimeWindow {
            from: UnixMs(0),
            to: UnixMs(300_000),
        },
        newest: UnixMs(600_000),
    };

    fn fixed(from: i64, to: i64) -> Act {
        Act::Show(View::Fixed(TimeWindow {
            from: UnixMs(from),
            to: UnixMs(to),
        }))
    }

    #[test]
    fn a_click_pins_the_moment() {
        let mut gesture = Gesture::default();
        gesture.down(1, 100.0, Grip::Mark, &GROUND);
        assert_eq!(gesture.moved(1, 101.0, &GROUND), Act::Nothing);
        assert_eq!(gesture.up(1, 101.0, &GROUND), Act::Pin(UnixMs(101_000)));
    }

    #[test]
    fn a_drag_marks_and_then_shows_what_was_marked() {
        let mut gesture = Gesture::default();
        gesture.down(1, 200.0, Grip::Mark, &GROUND);
        let marked = Act::Mark(UnixMs(200_000), UnixMs(100_000));
        assert_eq!(gesture.moved(1, 100.0, &GROUND), marked);
        assert_eq!(gesture.up(1, 100.0, &GROUND), fixed(100_000, 200_000));
    }

    #[test]
    fn with_shift_or_a_finger_a_drag_moves_in_time() {
        for grip in [Grip::Pan, Grip::Touch] {
            let mut gesture = Gesture::default();
            gesture.down(1, 100.0, grip, &GROUND);
            assert_eq!(gesture.moved(1, 150.0, &GROUND), fixed(-50_000, 250_000));
            assert_eq!(gesture.up(1, 150.0, &GROUND), Act::Nothing);
        }
    }

    #[test]
    fn two_fingers_zoom_around_their_middle() {
        let mut gesture = Gesture::default();
        gesture.down(1, 100.0, Grip::Touch, &GROUND);
        gesture.down(2, 200.0, Grip::Touch, &GROUND);
        assert_eq!(gesture.moved(2, 300.0, &GROUND), fixed(75_000, 225_000));
        assert_eq!(gesture.up(2, 300.0, &GROUND), Act::Nothing);
        assert_eq!(
            gesture.up(1, 100.0, &GROUND),
            Act::Nothing,
            "no click after a pinch"
        );
    }

    #[test]
    fn a_pointer_that_is_not_down_does_nothing() {
        let mut gesture = Gesture::default();
        assert_eq!(gesture.moved(1, 10.0, &GROUND), Act::Nothing);
        gesture.down(1, 10.0, Grip::Mark, &GROUND);
        gesture.cancel();
        assert_eq!(gesture.up(1, 200.0, &GROUND), Act::Nothing);
    }
}
