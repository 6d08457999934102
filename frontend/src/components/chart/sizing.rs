//! How many pixels a canvas gets; never a canvas.

/// No canvas has more pixels than this: larger ones cost more than they show.
const MOST_PIXELS: f64 = 4_000_000.0;

/// Canvas pixels for each CSS pixel: two on an ordinary screen, so that thin lines are smooth,
/// as many as the screen has on a finer one, up to three.
pub(super) fn scale(device_pixel_ratio: f64, width: f64, height: f64) -> f64 {
    let wanted = if device_pixel_ratio <= 1.0 {
        2.0
    } else {
        device_pixel_ratio.min(3.0)
    };
    let most = (MOST_PIXELS / (width * height).max(1.0)).sqrt();
    wanted.min(most)
}

/// The canvas's own size for that many CSS pixels.
pub(super) fn pixels(length: f64, scale: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a canvas of a few thousand pixels"
    )]
    let whole = (length * scale).round().max(1.0) as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::{pixels, scale};

    #[test]
    fn a_canvas_is_fine_but_never_huge() {
        for (ratio, width, height, expected) in [
            (1.0, 600.0, 200.0, 2.0),
            (0.8, 600.0, 200.0, 2.0),
            (1.5, 600.0, 200.0, 1.5),
            (2.0, 600.0, 200.0, 2.0),
            (4.0, 600.0, 200.0, 3.0),
            (3.0, 2_000.0, 1_000.0, 2.0_f64.sqrt()),
        ] {
            let found = scale(ratio, width, height);
            assert!((found - expected).abs() < 1e-9, "{ratio} {found}");
        }
        assert_eq!(pixels(600.4, 2.0), 1_201);
        assert_eq!(pixels(0.0, 2.0), 1);
    }
}
