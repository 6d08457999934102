//! Rules as files, copies of rules, how their evaluation goes, and advice about thresholds.

use super::rules::{book, obeying};
use super::*;
use crate::alerts::{Import, RuleFileForm, WrittenForm};
use crate::store::metrics::Frame;
use common::api::rules::{EvaluationStatus, OnExisting};

const DEFAULTS: usize = 5;

#[tokio::test]
async fn a_file_is_taken_whole_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let (book, mut commands) = book(&bench);
    let may = allowed::<may::RulesWrite>();
    let take = |existing, dry_run| Import { existing, dry_run };
    let file = |text: &str| (RuleFileForm::Yaml, text.to_owned());
    let good = "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n  - record: x\n    expr: up\n";
    let bad = "groups:\n- name: a\n  rules:\n  - alert: Fine\n    expr: up == 0\n  - alert: Bad\n    expr: up ==\n";

    let work = book.import(&may, file(bad), take(OnExisting::Replace, false));
    let refused = obeying(&mut bench, &mut commands, work).await;
    assert!(
        matches!(&refused, Err(RuleError::Invalid(errors))
            if errors.len() == 1 && errors[0].field == "groups[0].rules[1].expr"
            && errors[0].message.starts_with("line 6: ")),
        "{refused:?}"
    );
    let work = book.import(&may, file(good), take(OnExisting::Refuse, true));
    let dry = obeying(&mut bench, &mut commands, work).await.unwrap();
    assert_eq!(
        (dry.dry_run, dry.added.len(), dry.left_out.len()),
        (true, 1, 1)
    );
    assert_eq!(book.all(&allowed()).await.unwrap().len(), DEFAULTS);

    let work = book.import(&may, file(good), take(OnExisting::Refuse, false));
    let taken = obeying(&mut bench, &mut commands, work).await.unwrap();
    assert_eq!(taken.added, ["Down"]);
    let work = book.import(&may, file(good), take(OnExisting::Refuse, false));
    let again = obeying(&mut bench, &mut commands, work).await.unwrap();
    assert_eq!(again.unchanged, ["Down"], "the same again is no change");

    let other = good.replace("up == 0", "up != 1");
    for (existing, expected) in [
        (OnExisting::Refuse, None),
        (OnExisting::Skip, Some((0, 1))),
        (OnExisting::Replace, Some((1, 0))),
    ] {
        let work = book.import(&may, file(&other), take(existing, false));
        let outcome = obeying(&mut bench, &mut commands, work).await;
        let counts = outcome.as_ref().ok();
        let counts = counts.map(|it| (it.replaced.len(), it.unchanged.len()));
        assert_eq!(counts, expected, "{existing:?}: {outcome:?}");
    }
    let all = book.all(&allowed()).await.unwrap();
    let written = WrittenForm::Toml.write(all.clone()).unwrap();
    let work = book.import(
        &may,
        (RuleFileForm::Toml, written),
        take(OnExisting::Refuse, false),
    );
    let same = obeying(&mut bench, &mut commands, work).await.unwrap();
    assert_eq!(same.unchanged.len(), DEFAULTS + 1);
    assert_eq!(book.all(&allowed()).await.unwrap(), all);
}

#[tokio::test]
async fn a_copy_is_switched_off_and_has_a_name_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let (book, mut commands) = book(&bench);
    let may = allowed::<may::RulesWrite>();
    let first = book.all(&allowed()).await.unwrap().remove(0);
    let mut names = Vec::new();
    for _ in 0..2 {
        let work = book.duplicate(&may, first.id);
        let copy = obeying(&mut bench, &mut commands, work).await.unwrap();
        assert!(!copy.input.enabled && copy.version == 1 && copy.id != first.id);
        names.push(copy.input.name);
    }
    let name = &first.input.name;
    assert_eq!(
        names,
        [format!("{name} (copy)"), format!("{name} (copy 2)")]
    );
}

#[tokio::test]
async fn a_rule_on_nothing_is_saved_and_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let (book, mut commands) = book(&bench);
    let may = allowed::<may::RulesWrite>();
    let rule = RuleInput {
        warning: Some(1.0),
        ..RuleInput::plain("Later", "nobody_sends_this", Comparison::Above)
    };
    let work = book.create(&may, rule);
    let made = obeying(&mut bench, &mut commands, work).await.unwrap();
    let saved = book.saved(made.clone()).await;
    assert_eq!(saved.warnings.len(), 1);
    assert!(saved.warnings[0].contains("nobody_sends_this"), "{saved:?}");
    let shown = book.get(&allowed(), made.id).await.unwrap().evaluation;
    assert_eq!((shown.status, shown.series), (EvaluationStatus::NoData, 0));

    let values = Arc::from([(
        SeriesKey::new(WEB, "nobody_sends_this", Labels::none()),
        0.0,
    )]);
    let frame = Frame {
        server: WEB,
        at: clock.now(),
        values,
        processes: None,
    };
    bench.store.metrics().append(vec![frame]).await.unwrap();
    let shown = book.get(&allowed(), made.id).await.unwrap().evaluation;
    assert_eq!(
        (shown.status, shown.series, shown.last_at),
        (EvaluationStatus::Ok, 1, Some(clock.now()))
    );
    assert_eq!(book.saved(made).await.warnings, [""; 0]);
}

/// Three hours of a saw from 20 to 80 in ten minutes, with one peak of 100 s at 95.
async fn store_saw(bench: &Bench, start: UnixMs) {
    let frame = |second: i64| {
        let value = if (5_000..5_100).contains(&second) {
            95.0
        } else {
            20.0 + f64::from(u32::try_from(second % 600).unwrap()) / 10.0
        };
        let key = SeriesKey::new(WEB, "host_cpu_usage_percent", Labels::none());
        Frame {
            server: WEB,
            at: start.plus_ms(second * 1_000),
            values: Arc::from([(key, value)]),
            processes: None,
        }
    };
    let frames: Vec<Frame> = (0..3 * 3_600).map(frame).collect();
    for some in frames.chunks(600) {
        bench.store.metrics().append(some.to_vec()).await.unwrap();
    }
}

#[tokio::test]
async fn advice_says_what_each_threshold_would_have_done() {
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::open(directory.path(), &Clock::fixed(START)).await;
    let (book, _commands) = book(&bench);
    let start = START.plus_ms(-3 * 3_600_000);
    store_saw(&bench, start).await;
    let rule = RuleInput {
        for_seconds: 30,
        cooldown_seconds: 0,
        clear_for_seconds: 10,
        warning: Some(60.5),
        critical: Some(90.0),
        ..default_rules()[0].clone()
    };
    let may = allowed::<may::RulesWrite>();
    let advice = book.advise(&may, rule.clone(), start, START).await.unwrap();
    let observed = advice.observed.unwrap();
    assert_eq!((observed.series, observed.samples), (1, 10_800));
    assert!((20..=70).contains(&advice.candidates.len()), "{advice:?}");
    for candidate in &advice.candidates {
        let alone = RuleInput {
            warning: Some(candidate.value),
            critical: None,
            ..rule.clone()
        };
        let tried = book.preview(&may, alone, start, START).await.unwrap();
        assert_eq!(candidate.firings, tried.fired, "{candidate:?}");
        assert!((candidate.firing_seconds - tried.firing_seconds).abs() < 0.001);
    }
    let chosen = advice.candidates.iter().filter_map(|it| it.chosen);
    let chosen: Vec<Severity> = chosen.collect();
    assert_eq!(chosen, [Severity::Warning, Severity::Critical]);
    let warning = advice.warning.unwrap();
    assert!(warning.value > 76.0 && warning.value <= 95.0, "{warning:?}");
    assert!(warning.why.contains("once"), "{warning:?}");
    assert!(advice.critical.unwrap().value > warning.value);
}

#[tokio::test]
async fn only_rules_that_look_for_large_or_small_values_are_advised() {
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::open(directory.path(), &Clock::fixed(START)).await;
    let (book, _commands) = book(&bench);
    let [cpu, _, _, absence, _] = default_rules();
    let exact = RuleInput {
        comparison: Comparison::Equal,
        ..cpu
    };
    let may = allowed::<may::RulesWrite>();
    for (rule, field) in [(absence, "rule.kind"), (exact, "rule.comparison")] {
        let refused = book.advise(&may, rule, START.plus_ms(-1_000), START).await;
        assert!(
            matches!(&refused, Err(RuleError::Invalid(errors)) if errors[0].field == field),
            "{refused:?}"
        );
    }
}
