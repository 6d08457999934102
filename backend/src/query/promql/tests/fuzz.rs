//! Any text is read or refused; what is moved over step by step is worth what it is worth alone.

use proptest::prelude::*;

use super::memory::Memory;
use super::script::is_close;
use crate::query::promql::number::ABSENT;
use crate::query::promql::{At, Expression, LabelSet, Value};

/// Pieces that expressions are made of, in any order.
const PIECES: &[&str] = &[
    "up",
    "rate",
    "sum",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "bool",
    "offset",
    "and",
    "or",
    "unless",
    "atan2",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "5m",
    "1h30m",
    "1e400",
    "0x1F",
    "08",
    "NaN",
    "Inf",
    "-",
    "+",
    "*",
    "/",
    "%",
    "^",
    "==",
    "!=",
    "=~",
    "!~",
    "=",
    ">",
    "<=",
    ",",
    ":",
    "@",
    "start()",
    "end()",
    "\"a\"",
    "'\\x41'",
    "`b`",
    "\"\\\u{e9}\"",
    "label",
    "__name__",
    " ",
    "\n",
    "#",
    "\u{e9}",
    "topk",
    "count_values",
    "quantile_over_time",
    "holt_winters",
    "1",
    ".5",
    "histogram_quantile",
    "le",
    "$",
    "\\",
    "fill",
    "info",
    "step",
    "_",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        drop(Expression::parse(&text).map(|expression| expression.to_string()));
    }

    #[test]
    fn any_pieces_are_read_or_refused(pieces in prop::collection::vec(0..PIECES.len(), 0..14)) {
        let text: Vec<&str> = pieces.iter().map(|at| PIECES[*at]).collect();
        for text in [text.concat(), text.join(" ")] {
            match Expression::parse(&text) {
                Ok(expression) => {
                    // What is printed is read again, and printed the same.
                    let shown = expression.to_string();
                    let again = Expression::parse(&shown).map(|again| again.to_string());
                    prop_assert_eq!(again.ok(), Some(shown), "{}", text);
                }
                Err(error) => prop_assert!(error.at <= text.len() && error.column > 0),
            }
        }
    }
}

/// Samples at growing moments, some of them the end of the series.
fn samples() -> impl Strategy<Value = Vec<(i64, f64)>> {
    let one = (
        1_i64..90_000,
        prop_oneof![9 => -50.0..100.0_f64, 1 => Just(ABSENT)],
    );
    prop::collection::vec(one, 0..120).prop_map(|steps| {
        let mut now = 0;
        let later = |(by, value): (i64, f64)| {
            now += by;
            (now, value)
        };
        steps.into_iter().map(later).collect()
    })
}

/// What a range function is worth, found by looking at all samples for the one moment.
fn naive(function: &str, samples: &[(i64, f64)], at: i64, range: i64) -> Option<f64> {
    let is_sample = |(moment, value): &&(i64, f64)| {
        *moment > at - range && *moment <= at && value.to_bits() != ABSENT.to_bits()
    };
    let inside: Vec<(i64, f64)> = samples.iter().filter(is_sample).copied().collect();
    let (first, last) = (inside.first()?, inside.last()?);
    let length = i32::try_from(inside.len()).unwrap();
    match function {
        "avg_over_time" => Some(inside.iter().map(|it| it.1).sum::<f64>() / f64::from(length)),
        "max_over_time" => inside.iter().map(|it| it.1).reduce(f64::max),
        "rate" if length >= 2 => {
            let mut grown = last.1 - first.1;
            for pair in inside.windows(2) {
                if pair[1].1 < pair[0].1 {
                    grown += pair[0].1;
                }
            }
            let seconds = |ms: i64| f64::from(i32::try_from(ms).unwrap()) / 1000.0;
            let covered = seconds(last.0 - first.0);
            let between = covered / f64::from(length - 1);
            let reach = |gap: f64| {
                if gap < between * 1.1 {
                    gap
                } else {
                    between / 2.0
                }
            };
            let mut before = reach(seconds(first.0 - (at - range)));
            if grown > 0.0 && first.1 >= 0.0 {
                before = before.min(covered * first.1 / grown);
            }
            let after = reach(seconds(at - last.0));
            Some(grown * (covered + before + after) / covered / seconds(range))
        }
        _ => None,
    }
}

proptest! {
    #[test]
    fn windows_that_move_find_what_each_step_finds_alone(
        samples in samples(),
        step_ms in 1_000_i64..200_000,
        range_s in 1_i64..600,
    ) {
        let mut memory = Memory::default();
        memory.add(&LabelSet::of([("__name__", "m_total")]), &samples);
        let at = At::Range { start_ms: 0, end_ms: step_ms * 40, step_ms };
        for function in ["avg_over_time", "max_over_time", "rate"] {
            let text = format!("{function}(m_total[{range_s}s])");
            let Value::Matrix(found) = memory.ask(&text, at).unwrap().value else {
                panic!("no matrix");
            };
            let found = found.first().map(|series| series.points.clone()).unwrap_or_default();
            let steps = (0..=40).map(|step| step * step_ms);
            let wanted: Vec<(i64, f64)> = steps
                .filter_map(|at| Some((at, naive(function, &samples, at, range_s * 1000)?)))
                .collect();
            prop_assert_eq!(found.len(), wanted.len(), "{}", text);
            for (found, wanted) in found.iter().zip(&wanted) {
                let near = is_close(found.1, wanted.1) || (found.1 - wanted.1).abs() < 1e-9;
                prop_assert!(found.0 == wanted.0 && near, "{} {:?} {:?}", text, found, wanted);
            }
        }
    }

    #[test]
    fn the_newest_sample_is_found_at_each_step(samples in samples(), step_ms in 1_i64..200_000) {
        let mut memory = Memory::default();
        memory.add(&LabelSet::of([("__name__", "m")]), &samples);
        let at = At::Range { start_ms: 0, end_ms: step_ms * 40, step_ms };
        let Value::Matrix(found) = memory.ask("m", at).unwrap().value else {
            panic!("no matrix");
        };
        let found = found.first().map(|series| series.points.clone()).unwrap_or_default();
        let newest = |at: i64| {
            let before = samples.iter().rfind(|(moment, _)| *moment <= at)?;
            let is_there = before.0 > at - 300_000 && before.1.to_bits() != ABSENT.to_bits();
            is_there.then_some((at, before.1))
        };
        let wanted: Vec<(i64, f64)> = (0..=40).filter_map(|step| newest(step * step_ms)).collect();
        prop_assert_eq!(found, wanted);
    }
}
