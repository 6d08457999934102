//! Crossing, waiting, firing, becoming worse and milder, clearing.

use super::*;

#[test]
fn an_alert_waits_fires_and_clears() {
    for (case, stretches, expected) in [
        ("just below is nothing", vec![(0, 200, 69.99)], vec![]),
        (
            "at the threshold counts, for the whole time",
            vec![(0, 59, 70.0), (60, 60, 70.0)],
            vec!["0 pending warning", "60 fired warning"],
        ),
        (
            "one value below ends the waiting, and it begins anew",
            vec![(0, 59, 75.0), (60, 60, 69.0), (61, 121, 75.0)],
            vec![
                "0 pending warning",
                "60 cleared warning",
                "61 pending warning",
                "121 fired warning",
            ],
        ),
        (
            "inside the margin it goes on firing",
            vec![(0, 60, 75.0), (61, 300, 65.01)],
            vec!["0 pending warning", "60 fired warning"],
        ),
        (
            "better by the margin for a minute clears",
            vec![(0, 60, 75.0), (61, 200, 65.0)],
            vec![
                "0 pending warning",
                "60 fired warning",
                "121 resolved warning",
            ],
        ),
        (
            "one worse value starts the clearing anew",
            vec![
                (0, 60, 75.0),
                (61, 100, 60.0),
                (101, 101, 66.0),
                (102, 162, 60.0),
            ],
            vec![
                "0 pending warning",
                "60 fired warning",
                "162 resolved warning",
            ],
        ),
    ] {
        check(case, &cpu(), &stretches, &expected);
    }
}

#[test]
fn each_threshold_crosses_and_clears_for_itself() {
    for (case, stretches, expected) in [
        (
            "straight to critical fires once",
            vec![(0, 60, 95.0)],
            vec!["0 pending critical", "60 fired critical"],
        ),
        (
            "pending becomes worse, critical waits its own minute",
            vec![(0, 29, 75.0), (30, 90, 95.0)],
            vec![
                "0 pending warning",
                "30 pending critical",
                "60 fired warning",
                "90 escalated critical",
            ],
        ),
        (
            "critical clears 5 points below 90, warning goes on",
            vec![(0, 60, 95.0), (61, 121, 85.0), (122, 300, 85.0)],
            vec![
                "0 pending critical",
                "60 fired critical",
                "121 deescalated warning",
            ],
        ),
        (
            "critical stays inside its own margin",
            vec![(0, 60, 95.0), (61, 300, 86.0)],
            vec!["0 pending critical", "60 fired critical"],
        ),
        (
            "both clear at once: one recovery",
            vec![(0, 60, 95.0), (61, 121, 10.0)],
            vec![
                "0 pending critical",
                "60 fired critical",
                "121 resolved critical",
            ],
        ),
        (
            "milder, worse again, over",
            vec![
                (0, 60, 95.0),
                (61, 121, 80.0),
                (122, 182, 95.0),
                (183, 243, 10.0),
            ],
            vec![
                "0 pending critical",
                "60 fired critical",
                "121 deescalated warning",
                "182 escalated critical",
                "243 resolved critical",
            ],
        ),
    ] {
        check(case, &cpu(), &stretches, &expected);
    }
}

#[test]
fn every_comparison_crosses_and_clears() {
    use Comparison::{Above, AtLeast, AtMost, Below, Equal, NotEqual};
    // Threshold 10, margin 2: a value that crosses, one that only stops crossing, one that clears.
    for (comparison, crossing, between, clear) in [
        (Above, 10.5, 10.0, 8.0),
        (AtLeast, 10.0, 9.0, 8.0),
        (Below, 9.5, 10.0, 12.0),
        (AtMost, 10.0, 11.0, 12.0),
        (Equal, 10.0, 11.0, 12.0),
    ] {
        let rule = RuleInput {
            comparison,
            warning: Some(10.0),
            critical: None,
            clear_margin: 2.0,
            ..instant()
        };
        let stretches = [
            (0, 0, between),
            (1, 1, crossing),
            (2, 2, between),
            (3, 3, clear),
        ];
        let expected = ["1 fired warning", "3 resolved warning"];
        check(comparison.as_str(), &rule, &stretches, &expected);
    }
    let rule = RuleInput {
        comparison: NotEqual,
        warning: Some(10.0),
        critical: None,
        ..instant()
    };
    let expected = ["1 fired warning", "2 resolved warning"];
    check(
        "!=",
        &rule,
        &[(0, 0, 10.0), (1, 1, 9.0), (2, 2, 10.0)],
        &expected,
    );
}
