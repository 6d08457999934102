//! An explanation names what an alert waited for and why somebody was not told.

use common::api::alerts::{ExplainedKind, WhyNot};

use super::*;

#[tokio::test]
async fn an_explanation_goes_from_the_condition_to_the_telling() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(61, 75.0).await;
    bench.cpu(61, 10.0).await;
    // Crossed again within the cooldown of the first.
    bench.cpu(900, 75.0).await;
    let second = bench.alerts().await[0].clone();
    bench.act(second.id, Act::Acknowledge).await.unwrap();
    bench.act(second.id, Act::Comment).await.unwrap();
    let reader = bench.reader();
    let explained = reader.explain(&allowed(), second.id).await.unwrap();
    let kinds: Vec<_> = explained.trace.iter().map(|line| line.kind).collect();
    assert_eq!(
        kinds,
        [
            ExplainedKind::Crossed,
            ExplainedKind::Waited,
            ExplainedKind::Cooldown,
            ExplainedKind::Step,
            ExplainedKind::Waiting,
            ExplainedKind::Person,
            ExplainedKind::Waiting,
            ExplainedKind::Person,
        ],
        "{:#?}",
        explained.trace
    );
    assert!(explained.trace[1].text.contains("for 1 min"));
    assert!(explained.trace[2].text.contains("for 15 min"));
    let why: Vec<_> = explained.you.iter().map(|it| it.why_not).collect();
    assert_eq!(
        why,
        [
            Some(WhyNot::Waiting),
            Some(WhyNot::DoneByYou),
            Some(WhyNot::NeverTold)
        ]
    );
    let seqs = explained.you.iter().map(|it| it.seq);
    let consume = seqs.collect::<Vec<_>>();
    let now = clock.now();
    let consumed = bench.store.change(&PERSON, move |conn| {
        for seq in consume {
            tables::intent::consume(conn, i64::try_from(seq).unwrap(), now)?;
        }
        Ok::<_, StoreError>(())
    });
    consumed.await.unwrap();
    let later = reader.explain(&allowed(), second.id).await.unwrap();
    assert_eq!(later.you[0].why_not, Some(WhyNot::NotThere));
    let told = later
        .trace
        .iter()
        .filter(|it| it.kind == ExplainedKind::Told);
    assert_eq!(told.count(), 2);
}
