//! The parts together under a clock that somebody sets: no sample is lost, nothing old goes.

use common::api::root::HealthStatus;
use common::series::matcher::Filter;
use common::time::UnixMs;

use super::*;
use crate::ingest::push::{Accepts, Gathering, Manner, read_text};
use crate::query::{Request, Resolution, Selector};
use crate::store::metrics::Plan;

mod absence;

const NOW: UnixMs = UnixMs(1_767_323_045_000);
const YEAR_MS: i64 = 365 * 86_400_000;

/// A second passes, then a value is pushed.
async fn push(app: &App, value: i32) -> (i64, f64) {
    app.clock.advance(Duration::from_secs(1));
    let accepts = Accepts {
        now: app.clock.now(),
        most_series: 100,
        retention_days: app.config.metrics.retention_days,
        is_sampled: true,
        manner: Manner::Custom,
    };
    let mut gathering = Gathering::new(accepts);
    read_text(format!("jumps {value}").as_bytes(), &mut gathering);
    let pushed = gathering.done().unwrap();
    app.ingest
        .push(app.fleet.local(), pushed, 100)
        .await
        .unwrap();
    (app.clock.now().0, f64::from(value))
}

async fn stored(app: &App) -> Vec<(i64, f64)> {
    let request = Request {
        selector: Selector {
            servers: None,
            metric: Some("jumps".into()),
            filter: Filter::default(),
            from_ms: 0,
            to_ms: i64::MAX,
        },
        resolution: Resolution::Samples,
    };
    let answers = app.query.run(request).await.unwrap();
    let points = answers[0].points.iter();
    points.map(|(at, value)| (*at, value.unwrap())).collect()
}

#[tokio::test]
async fn a_clock_that_jumps_a_year_and_back_loses_no_sample() {
    let directory = tempfile::tempdir().unwrap();
    let config = Config {
        data_dir: directory.path().to_owned(),
        ..Config::default()
    };
    let mut app = App::build(config.clone(), Clock::fixed(NOW)).await.unwrap();
    let mut pushed = Vec::new();
    for (turn, set_to) in [0, YEAR_MS, 60_000, YEAR_MS + 60_000, 120_000]
        .into_iter()
        .enumerate()
    {
        app.clock.set(NOW.plus_ms(set_to));
        for second in 0..20 {
            let value = i32::try_from(turn).unwrap() * 100 + second;
            pushed.push(push(&app, value).await);
        }
        let (metrics, now) = (app.store.metrics(), app.clock.now());
        metrics.pack_windows(now).await.unwrap();
        metrics.seal_hours(now).await.unwrap();
        let plan = metrics.plan_cleanup(now, Retention::from(&app.config.metrics), false);
        let is_held = matches!(plan.await.unwrap(), Plan::Held { .. });
        assert_eq!(is_held, set_to >= YEAR_MS, "turn {turn}");
        pushed.sort_by_key(|(at, _)| *at);
        assert_eq!(stored(&app).await, pushed, "turn {turn}");
        assert_eq!(app.health().checks.unwrap().database, HealthStatus::Ok);
    }
    // Also over a start with the clock set back.
    app.stop().await;
    app = App::build(config, Clock::fixed(NOW.plus_ms(200_000)))
        .await
        .unwrap();
    pushed.push(push(&app, 7).await);
    pushed.sort_by_key(|(at, _)| *at);
    assert_eq!(stored(&app).await, pushed);
    app.stop().await;
}
