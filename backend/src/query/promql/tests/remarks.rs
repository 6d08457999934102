//! What is said beside an answer, with the place that it is about.

use super::memory::Memory;
use crate::query::promql::{At, LabelSet};

const RANGE: At = At::Range {
    start_ms: 60_000,
    end_ms: 120_000,
    step_ms: 60_000,
};

fn memory() -> Memory {
    let mut memory = Memory::default();
    for (labels, value) in [
        (&[("__name__", "load")][..], 1.0),
        (&[("__name__", "load"), ("le", "x")], 1.0),
        (&[("__name__", "falling_bucket"), ("le", "1")], 5.0),
        (&[("__name__", "falling_bucket"), ("le", "2")], 3.0),
        (&[("__name__", "falling_bucket"), ("le", "+Inf")], 5.0),
    ] {
        let labels = LabelSet::of(labels.iter().copied());
        memory.add(&labels, &[(0, value), (60_000, value)]);
    }
    memory
}

#[test]
fn remarks_name_the_place_that_they_are_about() {
    let not_a_counter = |place: &str| {
        format!(
            "PromQL info: metric might not be a counter, name does not end in \
             _total/_sum/_count/_bucket: \"load\" ({place})"
        )
    };
    let quantile = |share: &str, place: &str| {
        format!("PromQL warning: quantile value should be between 0 and 1, got {share} ({place})")
    };
    let sorted = "PromQL warning: sort is ineffective for range queries since results are always \
                  ordered by labels";
    for (text, expected) in [
        ("rate(load[5m])", vec![not_a_counter("1:6")]),
        ("sum by (le) (\n  rate( (load[5m]) )\n)", vec![not_a_counter("2:9")]),
        (
            "rate(load[5m]) + on(le)\nincrease(load[5m])",
            vec![not_a_counter("1:6"), not_a_counter("2:10")],
        ),
        ("rate(abs(load)[5m:])", vec![]),
        ("quantile(2, load)", vec![quantile("2", "1:10")]),
        ("quantile by (le) (-1, load)", vec![quantile("-1", "1:19")]),
        ("quantile_over_time(1.5, load[5m])", vec![quantile("1.5", "1:20")]),
        (
            "histogram_quantile(2, falling_bucket)",
            vec![quantile("2", "1:20")],
        ),
        (
            "histogram_quantile(0.5, falling_bucket)",
            vec![
                "PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see \
                 https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) \
                 (1:25)"
                    .to_owned(),
            ],
        ),
        (
            "histogram_fraction(0, 1, load{le=\"x\"})",
            vec![
                "PromQL warning: bucket label \"le\" is missing or has a malformed value of \"x\" \
                 for metric name \"load\" (1:26)"
                    .to_owned(),
            ],
        ),
        (
            "limit_ratio(1.5, load)",
            vec![
                "PromQL warning: ratio value should be between -1 and 1, got 1.5, capping to 1 (1:13)"
                    .to_owned(),
            ],
        ),
        ("1 + sort(load)", vec![format!("{sorted} (1:5)")]),
        ("sort_by_label_desc(load, \"le\")", vec![format!("{sorted} (1:1)")]),
    ] {
        let answer = memory().ask(text, RANGE).unwrap();
        let remarks = [answer.warnings, answer.infos].concat();
        assert_eq!(remarks, expected, "{text}");
    }
}

#[test]
fn of_many_remarks_some_are_said() {
    let at = At::Range {
        start_ms: 2_000,
        end_ms: 16_000,
        step_ms: 1_000,
    };
    let answer = memory().ask("quantile(time(), load)", at).unwrap();
    assert_eq!(answer.warnings.len(), 11);
    assert_eq!(answer.warnings[10], "5 more warning annotations omitted");
}
