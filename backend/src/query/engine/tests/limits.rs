//! What goes too far is refused before it is read, and ends when its time is over.

use std::time::Duration;

use futures_util::future::Either;

use super::*;

#[test]
fn too_many_samples_are_refused_before_one_is_read() {
    let samples = (0..10_000).map(|second| (second * 1_000, 1.0)).collect();
    let memory = Memory::with(vec![series("user", samples)]);
    let limits = Limits {
        max_samples: 9_999,
        ..LIMITS
    };
    for step in [None, Some(60)] {
        let request = request(0..10_000_000, step);
        let refused = run(&memory, &request, limits, Cancel::default()).unwrap_err();
        let said = refused.to_string();
        assert!(said.starts_with("about 10000 samples"), "{said}");
        assert_eq!(memory.asked.lock().unwrap().len(), 0);
    }
    let shorter = request(0..9_960_000, Some(60));
    assert!(run(&memory, &shorter, limits, Cancel::default()).is_ok());
}

/// Never comes to an end by itself.
struct Endless;

impl Source for Endless {
    fn series(&self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        Memory::with(vec![series("user", BTreeMap::new())]).series(selector)
    }

    fn bounds(
        &self,
        _keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Ok(Some(range.clone()))
    }

    fn estimate(&self, _keys: &[SeriesKey], _range: &Range<i64>) -> Result<u64, QueryError> {
        Ok(1)
    }

    fn samples(
        &self,
        _keys: &[SeriesKey],
        _range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError> {
        loop {
            budget.take(0)?;
            std::thread::yield_now();
        }
    }

    fn rollups(
        &self,
        _key: &SeriesKey,
        _range: Range<i64>,
        _ask: Ask,
    ) -> Result<Rollups, QueryError> {
        Ok(Rollups::default())
    }

    fn sealed_span(
        &self,
        _keys: &[SeriesKey],
        _range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Ok(None)
    }
}

async fn until_idle(engine: &Engine) {
    while engine.activity().running > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_takes_too_long_ends_and_is_counted() {
    let limits = Limits {
        timeout: Duration::from_millis(1),
        ..LIMITS
    };
    let engine = Engine::new(Arc::new(Endless), limits);
    let answer = engine.run(request(0..10, None)).await;
    assert!(matches!(answer, Err(QueryError::TimedOut(_))), "{answer:?}");
    until_idle(&engine).await;
    let activity = engine.activity();
    assert_eq!((activity.timed_out, activity.abandoned), (1, 0));
}

#[tokio::test]
async fn what_nobody_waits_for_ends_and_is_counted() {
    let engine = Engine::new(Arc::new(Endless), LIMITS);
    let asking = Box::pin(engine.run(request(0..10, None)));
    let running = Box::pin(async {
        while engine.activity().running == 0 {
            tokio::task::yield_now().await;
        }
    });
    match futures_util::future::select(asking, running).await {
        Either::Left(_) => panic!("it has no end"),
        Either::Right(((), asking)) => drop(asking),
    }
    until_idle(&engine).await;
    let activity = engine.activity();
    assert_eq!((activity.timed_out, activity.abandoned), (0, 1));
}
