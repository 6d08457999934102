//! Draws once a frame however often it is asked to; never while the tab is out of sight.

use leptos::prelude::*;

/// Something that is drawn at the next frame.
#[derive(Clone, Copy)]
pub(super) struct Frames {
    waiting: StoredValue<bool>,
    draw: StoredValue<Box<dyn Fn()>, LocalStorage>,
}

impl Frames {
    /// Draws with `draw`, which reads signals untracked.
    pub(super) fn new(draw: impl Fn() + 'static) -> Self {
        Self {
            waiting: StoredValue::new(false),
            draw: StoredValue::new_local(Box::new(draw)),
        }
    }

    /// Draws at the next frame.
    pub(super) fn request(self) {
        if self.waiting.get_value() {
            return;
        }
        self.waiting.set_value(true);
        // The browser calls no frames while the tab is hidden.
        request_animation_frame(move || {
            self.waiting.try_update_value(|waiting| *waiting = false);
            // The chart may be gone by now.
            self.draw.try_with_value(|draw| draw());
        });
    }
}
