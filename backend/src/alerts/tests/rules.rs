//! Rules that people change, and what becomes of their alerts.

use super::*;

/// A rule book whose engine is the bench's: commands are obeyed as they come.
pub(super) fn book(bench: &Bench) -> (RuleBook, mpsc::Receiver<Command>) {
    let (sender, receiver) = mpsc::channel(8);
    let alerts = alerts_of(bench, sender);
    let book = RuleBook::new(
        bench.store.clone(),
        bench.clock.clone(),
        query(&bench.store),
        alerts,
    );
    (book, receiver)
}

pub(super) async fn obeying<T>(
    bench: &mut Bench,
    commands: &mut mpsc::Receiver<Command>,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            Some(command) = commands.recv() => bench.engine.obey(command).await,
        }
    }
}

#[tokio::test]
async fn a_rule_that_is_switched_off_or_looks_elsewhere_ends_its_alerts() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let (book, mut commands) = book(&bench);
    let rules = book.page(&allowed(), None, 50).await.unwrap();
    let cpu = rules
        .iter()
        .map(|it| it.rule.clone())
        .find(|rule| rule.input.name == "High CPU")
        .unwrap();
    for patch in [
        RulePatch {
            enabled: Some(false),
            ..RulePatch::default()
        },
        RulePatch {
            metric: Some("other".to_owned()),
            ..RulePatch::default()
        },
    ] {
        bench.cpu(61, 95.0).await;
        assert_eq!(bench.steps(), ["fired critical"]);
        let may = allowed::<may::RulesWrite>();
        let change = book.patch(&may, cpu.id, patch, Seen::Any);
        obeying(&mut bench, &mut commands, change).await.unwrap();
        assert_eq!(bench.steps(), ["resolved critical"]);
        let back = book.replace(&may, cpu.id, cpu.input.clone(), Seen::Any);
        obeying(&mut bench, &mut commands, back).await.unwrap();
    }
    bench.cpu(61, 95.0).await;
    let may = allowed::<may::RulesWrite>();
    let milder = RulePatch {
        critical: Some(Some(99.0)),
        ..RulePatch::default()
    };
    let change = book.patch(&may, cpu.id, milder, Seen::Any);
    obeying(&mut bench, &mut commands, change).await.unwrap();
    assert_eq!(
        bench.steps(),
        ["fired critical"],
        "another threshold waits for values"
    );
    let removal = book.delete(&may, cpu.id, Seen::Any);
    obeying(&mut bench, &mut commands, removal).await.unwrap();
    assert_eq!(bench.steps(), ["resolved critical"]);

    let left = left_behind(directory.path());
    let bench = Bench::open(left.path(), &clock).await;
    let rules = bench.store.read(tables::rule::all).await.unwrap();
    assert_eq!(
        rules.len(),
        4,
        "a default that was removed does not come back"
    );
}

#[tokio::test]
async fn rules_are_refused_with_a_reason() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let (book, mut commands) = book(&bench);
    let may = allowed::<may::RulesWrite>();
    let [cpu, ..] = default_rules();
    let with = |change: fn(&mut RuleInput)| {
        let mut input = RuleInput {
            name: "Mine".to_owned(),
            ..cpu.clone()
        };
        change(&mut input);
        input
    };
    for (input, field) in [
        (with(|rule| rule.critical = Some(1.0)), "critical"),
        (
            with(|rule| rule.channels = vec![Uuid::nil()]),
            "channels[0]",
        ),
        (with(|rule| rule.comparison = Comparison::Below), "critical"),
    ] {
        let refused = book.create(&may, input).await.unwrap_err();
        assert!(
            matches!(&refused, RuleError::Invalid(errors) if errors[0].field == field),
            "{refused:?}"
        );
    }
    let taken = book.create(&may, cpu.clone()).await.unwrap_err();
    assert!(matches!(taken, RuleError::NameTaken(_)), "{taken:?}");

    let work = book.create(&may, with(|_| ()));
    let made = obeying(&mut bench, &mut commands, work).await.unwrap();
    let stale = Seen::OneOf(vec![Version(7)]);
    let changed = book
        .replace(&may, made.id, with(|_| ()), stale.clone())
        .await;
    assert!(matches!(changed, Err(RuleError::Changed)), "{changed:?}");
    let changed = book.delete(&may, made.id, stale).await;
    assert!(matches!(changed, Err(RuleError::Changed)), "{changed:?}");
    let work = book.replace(&may, made.id, with(|_| ()), Seen::OneOf(vec![Version(1)]));
    let same = obeying(&mut bench, &mut commands, work).await.unwrap();
    assert_eq!(same, made, "the same again is no new version");
}
