//! What is taken of a push, what is refused and where, and who gets to see it.

use super::*;
use common::exposition::LineFault;
use common::series::Labels;
use proptest::prelude::*;

const NOW: UnixMs = UnixMs(1_760_000_000_000);

fn gathering(most_series: usize) -> Gathering {
    Gathering::new(Accepts {
        now: NOW,
        most_series,
        retention_days: 30,
        is_sampled: true,
        manner: Manner::Custom,
    })
}

fn gathered(text: &[u8]) -> Result<Pushed, PushError> {
    let mut gathering = gathering(100);
    read_text(text, &mut gathering);
    gathering.done()
}

/// Time relative to now, metric, labels and value of each sample.
fn taken(text: &str) -> Vec<(i64, String, Labels, f64)> {
    let pushed = gathered(text.as_bytes()).unwrap();
    let keys = pushed.keys(ServerId(uuid::Uuid::nil()));
    let mut found = Vec::new();
    for (at, values) in pushed.moments(&keys) {
        for (key, value) in values.iter() {
            let metric = key.metric.as_str().to_owned();
            found.push((at.since_ms(NOW), metric, key.labels.clone(), *value));
        }
    }
    found
}

#[test]
fn lines_become_values() {
    let none = Labels::none();
    for (text, expected) in [
        ("", vec![]),
        (
            "\n \t\r\n# anything\n#\n# HELP up Is it?\n# TYPE up gauge\n",
            vec![],
        ),
        ("up 1", vec![(0, "up", none.clone(), 1.0)]),
        ("  up\t1e3  \r\n", vec![(0, "up", none.clone(), 1000.0)]),
        (
            "up -0.5 1759999999000\n",
            vec![(-1_000, "up", none.clone(), -0.5)],
        ),
        (
            "b{x=\"1\"} 2 1759999999000\na 3\na 4\nb{x=\"1\",} 1 1759999999000\n",
            vec![
                (-1_000, "b", Labels::one("x", "1"), 1.0),
                (0, "a", none.clone(), 4.0),
            ],
        ),
        (
            "jobs{job=\"night\",empty=\"\",path=\"a\\\\b\"} 1",
            vec![(
                0,
                "jobs",
                Labels::of(&[("exported_job", "night"), ("path", "a\\b")]),
                1.0,
            )],
        ),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(at, metric, labels, value)| (at, metric.to_owned(), labels, value))
            .collect();
        assert_eq!(taken(text), expected, "{text}");
    }
}

#[test]
fn each_flaw_is_told_with_its_line() {
    let late = NOW.plus_ms(-30 * DAY_MS - 1).0.to_string();
    let early = NOW.plus_ms(600_001).0.to_string();
    let long = "x".repeat(2_000);
    for (line, says) in [
        ("2up 1", "name of a metric"),
        ("queue-length 1", "name of a metric"),
        ("host_cpu_usage_percent 1", "reads this metric itself"),
        ("up{2=\"a\"} 1", "`2`"),
        ("up{__name__=\"a\"} 1", "reserved"),
        ("up{a=\"b\0c\"} 1", "NUL"),
        ("up{a=\"1\",a=\"2\"} 1", "twice"),
        ("up{a=\"1} 1", "do not end"),
        ("up{a=\"\\t\"} 1", "only"),
        ("up", "missing"),
        ("up one", "not a number"),
        ("up NaN", "finite"),
        ("up +Inf", "finite"),
        ("up -inf", "finite"),
        ("up 1 0", "30 days"),
        (&format!("up 1 {late}"), "30 days"),
        (&format!("up 1 {early}"), "10 minutes"),
        ("up 1 4102444800000", "10 minutes"),
        ("up 1 1.5", "milliseconds"),
        ("up 1 1759999999000 # {trace=\"1\"} 1", "after the time"),
        ("# TYPE up thermometer", "# TYPE"),
        ("# HELP", "# HELP"),
        (&format!("up{{a=\"{long}\"}} 1"), "1024 bytes"),
        (&format!("{long} 1"), "200 characters"),
    ] {
        let Err(PushError::Refused(flaws)) = gathered(format!("a 1\n\n{line}\nb 2").as_bytes())
        else {
            panic!("{line} was not refused");
        };
        let [flaw] = flaws.as_slice() else {
            panic!("{line}: {flaws:?}");
        };
        assert_eq!(flaw.field(), "line 3");
        let said = flaw.fault.to_string();
        assert!(said.contains(says) && said.len() < 200, "{line}: {said}");
    }
    let not_utf8 = gathered(b"a 1\nb{c=\"\xff\"} 2").unwrap_err();
    assert!(
        matches!(not_utf8, PushError::Refused(flaws) if flaws[0].fault == Fault::Line(LineFault::NotUtf8))
    );
}

#[test]
fn a_push_is_bounded_while_it_is_read() {
    let series = |count: usize| {
        let lines: Vec<_> = (0..count).map(|n| format!("m{{n=\"{n}\"}} 1\n")).collect();
        lines.concat()
    };
    assert_eq!(gathered(series(100).as_bytes()).unwrap().series(), 100);
    let too_many = gathered(series(1_000).as_bytes()).unwrap_err();
    assert!(matches!(
        too_many,
        PushError::TooManySeriesAtOnce { limit: 100 }
    ));
    let flawed = gathered("2 2\n".repeat(1_000).as_bytes()).unwrap_err();
    assert!(matches!(flawed, PushError::Refused(flaws) if flaws.len() == 20));
    let long = "m 1\n".repeat(500_001);
    let too_long = gathered(long.as_bytes()).unwrap_err();
    assert!(matches!(
        too_long,
        PushError::TooManySamples { limit: 500_000 }
    ));
}

proptest! {
    #[test]
    fn any_bytes_are_taken_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(gathered(&bytes));
    }

    #[test]
    fn anything_like_a_line_is_taken_or_refused(text in "(up|a)?[{]?[a-z\"=,\\\\ 0-9}]{0,30}( [0-9.eEinfNa+-]{0,8}){0,3}") {
        drop(gathered(text.as_bytes()));
    }
}
