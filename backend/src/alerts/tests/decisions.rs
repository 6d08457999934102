//! Every decision is kept with what it was made of, and made again byte for byte.

use super::*;

/// Numbers that look like chance and are always the same.
fn chance(seed: &mut u64, below: u32) -> u32 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    u32::try_from(*seed >> 33).unwrap() % below
}

/// Flapping and its end come of a decision that stands with the step before.
fn by_rule(change: AlertChange) -> bool {
    matches!(
        change,
        AlertChange::Fired
            | AlertChange::Escalated
            | AlertChange::Deescalated
            | AlertChange::Resolved
    )
}

#[tokio::test]
async fn every_transition_of_a_random_run_is_replayed_alike() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let mut seed = 42;
    for turn in 0..160 {
        let value = [10.0, 64.9, 75.123_456_789, 1e2 / 3.0, 93.7][chance(&mut seed, 5) as usize];
        let seconds = 1 + chance(&mut seed, 12);
        bench.cpu(seconds, value).await;
        if turn % 20 == 19 {
            // Another version of the rule, and somebody who ends what fires.
            let margin = 1.0 + f64::from(chance(&mut seed, 7)) / 3.0;
            bench
                .set_rule(|rule| {
                    rule.clear_margin = margin;
                    rule.for_seconds = 5;
                    rule.clear_for_seconds = 3;
                    rule.cooldown_seconds = 30;
                })
                .await;
        }
        if turn % 30 == 29 {
            for alert in bench.alerts().await {
                if alert.state == AlertState::Firing {
                    bench.act(alert.id, Act::Resolve).await.unwrap();
                }
            }
        }
    }
    let (reader, mut decisions, mut versions) =
        (bench.reader(), 0, std::collections::BTreeSet::new());
    for alert in bench.alerts().await {
        let replay = reader.replay(&allowed(), alert.id, 0).await.unwrap();
        assert!(replay.identical, "{replay:#?}");
        decisions += replay.items.len();
        versions.extend(replay.items.iter().map(|it| it.rule_version));
        let detail = reader.detail(&allowed(), alert.id).await.unwrap();
        for step in detail.history {
            let is_decided = replay.items.iter().any(|it| it.seq == Some(step.seq));
            assert!(is_decided || !by_rule(step.change), "{step:?}");
        }
    }
    assert!(decisions > 30, "only {decisions}");
    assert!(versions.len() > 3, "{versions:?}");
}

#[tokio::test]
async fn a_decision_that_was_altered_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(61, 75.0).await;
    let [alert] = bench.alerts().await.try_into().unwrap();
    let rows = bench
        .store
        .read(move |conn| tables::decision::of(conn, alert.id, 0, 10));
    let mut rows = rows.await.unwrap();
    assert_eq!(rows.len(), 2, "pending, fired");
    let mut row = rows.remove(1);
    row.decision.outcome = row.decision.outcome.replace("75.0", "76.0");
    let altered = crate::store::tables::decision::NewDecision {
        alert_id: Blob(alert.id),
        seq: None,
        at: row.decision.at,
        rule_id: Blob(alert.rule_id),
        rule_version: row.decision.rule_version,
        input: row.decision.input,
        outcome: row.decision.outcome,
    };
    let definition = row.definition;
    let add = bench.store.change(&PERSON, move |conn| {
        tables::decision::insert(conn, &altered, &definition)
    });
    add.await.unwrap();
    let replay = bench
        .reader()
        .replay(&allowed(), alert.id, 0)
        .await
        .unwrap();
    let identical: Vec<_> = replay.items.iter().map(|it| it.identical).collect();
    assert_eq!(
        (replay.identical, identical),
        (false, vec![true, true, false])
    );
    let later = replay.items[1].id;
    let rest = bench.reader().replay(&allowed(), alert.id, later).await;
    assert_eq!(rest.unwrap().items.len(), 1);
}
