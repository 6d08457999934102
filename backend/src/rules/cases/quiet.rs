//! What holds an alert back, what says nothing about now, and absences.

use super::*;

#[test]
fn the_cooldown_holds_back_a_new_firing_only() {
    let rule = RuleInput {
        cooldown_seconds: 100,
        clear_margin: 0.0,
        ..instant()
    };
    for (case, stretches, expected) in [
        (
            "held until the cooldown is over, then it fires",
            vec![(0, 0, 75.0), (10, 10, 50.0), (20, 110, 75.0)],
            vec![
                "0 fired warning",
                "10 resolved warning",
                "20 pending warning",
                "100 fired warning",
            ],
        ),
        (
            "held and gone before the cooldown is over",
            vec![
                (0, 0, 75.0),
                (10, 10, 50.0),
                (20, 98, 75.0),
                (99, 200, 50.0),
            ],
            vec![
                "0 fired warning",
                "10 resolved warning",
                "20 pending warning",
                "99 cleared warning",
            ],
        ),
        (
            "becoming worse is never held back",
            vec![(0, 0, 75.0), (1, 1, 95.0), (2, 2, 50.0)],
            vec![
                "0 fired warning",
                "1 escalated critical",
                "2 resolved critical",
            ],
        ),
        (
            "worse than what was told goes through",
            vec![(0, 0, 75.0), (1, 1, 50.0), (2, 2, 95.0)],
            vec!["0 fired warning", "1 resolved warning", "2 fired critical"],
        ),
        (
            "as bad as what was told is held",
            vec![(0, 0, 95.0), (1, 1, 50.0), (2, 2, 95.0), (3, 3, 50.0)],
            vec![
                "0 fired critical",
                "1 resolved critical",
                "2 pending critical",
                "3 cleared critical",
            ],
        ),
    ] {
        check(case, &rule, &stretches, &expected);
    }
}

#[test]
fn after_a_person_resolved_it_must_be_false_once_or_the_cooldown_over() {
    let rule = RuleInput {
        cooldown_seconds: 100,
        clear_margin: 0.0,
        ..instant()
    };
    for (case, stretches, expected) in [
        ("still crossed is quiet", vec![(11, 109, 75.0)], vec![]),
        (
            "the cooldown is over",
            vec![(11, 110, 75.0)],
            vec!["110 fired warning"],
        ),
        (
            "false once",
            vec![(11, 11, 50.0), (12, 12, 75.0)],
            vec!["12 fired warning"],
        ),
        (
            "a threshold that was not crossed then is news",
            vec![(11, 20, 95.0)],
            vec!["11 fired critical"],
        ),
    ] {
        let mut state = RuleState::default();
        assert_eq!(
            play(&rule, &mut state, &[(0, 0, 75.0)]),
            ["0 fired warning"]
        );
        state = state.resolved_by_person(rule.cooldown_seconds, at(10));
        assert_eq!(play(&rule, &mut state, &stretches), expected, "{case}");
    }
}

#[test]
fn readings_that_say_nothing_about_now_change_nothing() {
    let mut state = RuleState::default();
    play(&cpu(), &mut state, &[(0, 30, 75.0)]);
    for (case, taken, value, now) in [
        ("not read", 60, None, 60),
        ("no number", 60, Some(f64::NAN), 60),
        ("endless", 60, Some(f64::INFINITY), 60),
        ("late", 60, Some(10.0), 121),
        ("older than the last", 29, Some(10.0), 60),
    ] {
        let reading = Reading {
            at: at(taken),
            value,
        };
        let (after, transition) = evaluate_threshold(&cpu(), reading, &state, at(now));
        assert_eq!((after, transition), (state, None), "{case}");
    }
    assert_eq!(
        play(&cpu(), &mut state, &[(60, 60, 75.0)]),
        ["60 fired warning"]
    );
}

#[test]
fn a_long_gap_restarts_the_waiting_and_ends_no_alert() {
    check(
        "pending",
        &cpu(),
        &[(0, 30, 75.0), (331, 391, 75.0)],
        &["0 pending warning", "391 fired warning"],
    );
    check(
        "firing",
        &cpu(),
        &[(0, 60, 75.0), (900, 950, 75.0), (951, 1_011, 10.0)],
        &[
            "0 pending warning",
            "60 fired warning",
            "1011 resolved warning",
        ],
    );
}

#[test]
fn a_clock_that_is_set_back_delays_no_more_than_the_waiting() {
    let mut state = RuleState::default();
    play(&cpu(), &mut state, &[(3_600, 3_630, 75.0)]);
    assert_eq!(
        play(&cpu(), &mut state, &[(0, 60, 75.0)]),
        ["60 fired warning"]
    );
}

#[test]
fn what_a_person_ended_speaks_again_though_the_clock_is_set_back() {
    let year = 365 * 86_400;
    let mut state = RuleState::default();
    play(&cpu(), &mut state, &[(year, year + 60, 75.0)]);
    state = state.resolved_by_person(cpu().cooldown_seconds, at(year + 60));
    assert_eq!(
        play(&cpu(), &mut state, &[(0, 1_000, 75.0)]),
        ["900 pending warning", "960 fired warning"]
    );
}

#[test]
fn a_threshold_that_was_taken_away_clears_at_once() {
    let mut state = RuleState::default();
    play(&cpu(), &mut state, &[(0, 60, 95.0)]);
    let rule = RuleInput {
        critical: None,
        ..cpu()
    };
    assert_eq!(
        play(&rule, &mut state, &[(61, 61, 95.0)]),
        ["61 deescalated warning"]
    );
}

#[test]
fn a_silent_server_is_absent_until_its_next_sample() {
    let [_, _, _, absence, _] = default_rules();
    assert_eq!(absence_limit_ms(&absence, 1), 15_000);
    assert_eq!(absence_limit_ms(&absence, 60), 180_000);
    let longer = RuleInput {
        for_seconds: 120,
        ..absence.clone()
    };
    assert_eq!(absence_limit_ms(&longer, 1), 120_000);

    let mut state = RuleState::default();
    let mut steps = Vec::new();
    // Second, seconds of silence then.
    for (second, silent) in [
        (0, 0),
        (14, 14),
        (15, 15),
        (16, 16),
        (20, 0),
        (21, 1),
        (40, 20),
        (914, 894),
        (915, 895),
        (916, 0),
    ] {
        let silence = Silence {
            silent_ms: silent * 1_000,
            limit_ms: 15_000,
        };
        let (after, transition) = evaluate_absence(&absence, silence, &state, at(second));
        state = after;
        steps.extend(describe(transition));
    }
    let expected = [
        "15 fired critical",
        "20 resolved critical",
        "40 pending critical",
        "915 fired critical",
        "916 resolved critical",
    ];
    assert_eq!(steps, expected);
}

#[test]
fn a_state_survives_being_written_down() {
    let mut state = RuleState::default();
    play(&cpu(), &mut state, &[(0, 60, 75.0), (61, 90, 60.0)]);
    let text = serde_json::to_string(&state).unwrap();
    let mut read: RuleState = serde_json::from_str(&text).unwrap();
    assert_eq!(
        read,
        RuleState {
            seen_at: None,
            ..state
        }
    );
    assert_eq!(
        play(&cpu(), &mut read, &[(91, 121, 60.0)]),
        ["121 resolved warning"]
    );
}
