//! What keys do on a chart; pure, never an event.

use common::chart::TimeWindow;
use common::time::UnixMs;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum KeyAct {
    /// The cross-hair goes here.
    Cursor(UnixMs),
    /// Closer or further around this moment.
    Zoom(UnixMs, f64),
    /// The cross-hair goes away.
    Release,
    /// The zoom ends.
    Reset,
}

/// The act of a key on a chart that shows `window`, with the cross-hair at `cursor`;
/// `None` for keys that mean nothing here. With shift, steps are ten times as long.
pub(super) fn act_of(
    key: &str,
    shift: bool,
    window: TimeWindow,
    cursor: Option<UnixMs>,
) -> Option<KeyAct> {
    let middle = window.from.plus_ms(window.span_ms() / 2);
    let step = (window.span_ms() / 200).max(1_000) * if shift { 10 } else { 1 };
    let moved = |ms: i64| {
        let from = cursor.unwrap_or(window.to);
        KeyAct::Cursor(from.plus_ms(ms).clamp(window.from, window.to))
    };
    Some(match key {
        "ArrowLeft" => moved(-step),
        "ArrowRight" => moved(step),
        "PageUp" => moved(-10 * step),
        "PageDown" => moved(10 * step),
        "Home" => KeyAct::Cursor(window.from),
        "End" => KeyAct::Cursor(window.to),
        "+" | "=" => KeyAct::Zoom(cursor.unwrap_or(middle), 0.5),
        "-" | "_" => KeyAct::Zoom(cursor.unwrap_or(middle), 2.0),
        "Escape" if cursor.is_some() => KeyAct::Release,
        "Escape" | "0" => KeyAct::Reset,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{KeyAct, act_of};
    use common::chart::TimeWindow;
    use common::time::UnixMs;

    #[test]
    fn keys_move_zoom_and_let_go() {
        let window = TimeWindow {
            from: UnixMs(0),
            to: UnixMs(300_000),
        };
        let at = |ms| Some(UnixMs(ms));
        let goes = |ms| Some(KeyAct::Cursor(UnixMs(ms)));
        for (key, shift, cursor, expected) in [
            ("ArrowLeft", false, None, goes(298_500)),
            ("ArrowLeft", false, at(10_000), goes(8_500)),
            ("ArrowRight", true, at(10_000), goes(25_000)),
            ("ArrowRight", true, at(299_000), goes(300_000)),
            ("Home", false, at(5), goes(0)),
            ("+", false, at(7), Some(KeyAct::Zoom(UnixMs(7), 0.5))),
            ("-", false, None, Some(KeyAct::Zoom(UnixMs(150_000), 2.0))),
            ("Escape", false, at(7), Some(KeyAct::Release)),
            ("Escape", false, None, Some(KeyAct::Reset)),
            ("a", false, None, None),
        ] {
            assert_eq!(act_of(key, shift, window, cursor), expected, "{key}");
        }
    }
}
