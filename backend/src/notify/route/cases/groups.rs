//! Grouping as Alertmanager has it: what happens at which second, and what channel 1 is told when.

use std::collections::BTreeSet;

use common::alert::{AlertChange, RouteInput, Severity, SilenceInput};

use super::stage::{NOW, Stage};

/// What the case is about; the route beside its target; what happens; what is told.
struct Case {
    about: &'static str,
    route: &'static str,
    /// "second fired|escalated|acknowledged|resolved alert", or "second silence alert seconds".
    happens: &'static [&'static str],
    /// "second: message".
    told: &'static [&'static str],
}

const TEAM: &str = r#""group_by":["team"],"group_wait_seconds":30,"group_interval_seconds":300"#;
const ALL: &str = r#""group_by":[],"group_wait_seconds":10,"group_interval_seconds":50"#;

/// The first six are `TestBatching`, `TestResolved`, `TestResolvedFilter`, `TestSilencing` of Alertmanager's
/// acceptance tests and the words on `group_wait` and `group_interval` of its documentation, in tens
/// of seconds.
const CASES: &[Case] = &[
    Case {
        about: "what comes within the wait goes together, later what still fires with what is new",
        route: r#""group_by":[],"group_wait_seconds":10,"group_interval_seconds":10,"repeat_interval_seconds":60"#,
        happens: &[
            "1 fired 1",
            "7 fired 5",
            "23 fired 2",
            "23 fired 3",
            "24 fired 4",
        ],
        told: &[
            "11: 1 fired + 5 fired",
            "33: 1 fired + 5 fired + 2 fired + 3 fired + 4 fired",
            "93: 1 fired + 5 fired + 2 fired + 3 fired + 4 fired",
            "153: 1 fired + 5 fired + 2 fired + 3 fired + 4 fired",
        ],
    },
    Case {
        about: "recoveries go together",
        route: ALL,
        happens: &["0 fired 1", "0 fired 2", "100 resolved 1", "104 resolved 2"],
        told: &["10: 1 fired + 2 fired", "110: 1 resolved + 2 resolved"],
    },
    Case {
        about: "within the interval firings and recoveries wait for its end",
        route: ALL,
        happens: &[
            "0 fired 1",
            "0 fired 2",
            "20 resolved 1",
            "20 fired 3",
            "100 resolved 2",
        ],
        told: &[
            "10: 1 fired + 2 fired",
            "60: 2 fired + 1 resolved + 3 fired",
            "110: 3 fired + 2 resolved",
        ],
    },
    Case {
        about: "what is silenced is left out, and told with its group when that ends",
        route: ALL,
        happens: &["0 silence 2 100", "0 fired 1", "0 fired 2", "70 fired 3"],
        told: &[
            "10: 1 fired",
            "80: 1 fired + 3 fired",
            "130: 1 fired + 2 fired + 3 fired",
        ],
    },
    Case {
        about: "a silence that comes while the group waits goes for it",
        route: ALL,
        happens: &["0 fired 1", "0 fired 2", "5 silence 2 100", "70 resolved 2"],
        told: &["10: 1 fired"],
    },
    Case {
        about: "one that joins does not make the others wait for longer",
        route: TEAM,
        happens: &["0 fired 1", "29 fired 2", "31 fired 3"],
        told: &["30: 1 fired + 2 fired", "330: 1 fired + 2 fired + 3 fired"],
    },
    Case {
        about: "what is over before it is told is nobody's message",
        route: TEAM,
        happens: &["0 fired 1", "29 resolved 1", "50 fired 2"],
        told: &["80: 2 fired"],
    },
    Case {
        about: "without common labels each is a group",
        route: r#""group_by":["alertname"],"group_wait_seconds":30,"group_interval_seconds":300"#,
        happens: &["0 fired 1", "0 fired 2", "1 fired 3"],
        told: &["30: 1 fired", "30: 2 fired", "31: 3 fired"],
    },
    Case {
        about: "by all labels each goes for itself",
        route: r#""group_by":["..."],"group_wait_seconds":0"#,
        happens: &["0 fired 1", "0 fired 2"],
        told: &["0: 1 fired", "0: 2 fired"],
    },
    Case {
        about: "a label that nobody has is one group",
        route: r#""group_by":["nothing"],"group_wait_seconds":30"#,
        happens: &["0 fired 1", "0 fired 2"],
        told: &["30: 1 fired + 2 fired"],
    },
    Case {
        about: "what somebody took is not repeated with its group",
        route: r#""group_by":[],"group_wait_seconds":0,"group_interval_seconds":60,"repeat_interval_seconds":600"#,
        happens: &["0 fired 1", "0 fired 2", "100 acknowledged 1"],
        told: &[
            "0: 1 fired + 2 fired",
            "100: 2 fired + 1 acknowledged",
            "700: 2 fired",
            "1300: 2 fired",
        ],
    },
    Case {
        about: "what became worse is told once, as it is now",
        route: TEAM,
        happens: &["0 fired 1", "100 escalated 1", "700 resolved 1"],
        told: &["30: 1 fired", "330: 1 escalated", "730: 1 resolved"],
    },
    Case {
        about: "a silenced one is not repeated",
        route: r#""group_wait_seconds":0,"repeat_interval_seconds":60"#,
        happens: &["0 fired 1", "30 silence 1 100"],
        told: &["0: 1 fired", "130: 1 fired", "190: 1 fired"],
    },
];

#[tokio::test]
async fn groups_are_told_as_alertmanager_tells_them() {
    for case in CASES {
        let mut stage = Stage::new(0).await;
        let route = format!(
            r#"{{"name":"a",{},"targets":[{{"kind":"channel","id":"00000000-0000-0000-0000-000000000001"}}]}}"#,
            case.route
        );
        stage.add::<RouteInput>(&route).await;
        let mut told = Vec::new();
        let mut now = 0;
        for at in moments(case) {
            stage.pass(at - now);
            now = at;
            for happens in case.happens {
                happen(&mut stage, happens, at).await;
            }
            for message in stage.sent_out().await {
                let message = message.replace(" warning", "").replace(" critical", "");
                told.push(message.replace("1: ", &format!("{at}: ")));
            }
        }
        assert_eq!(told, case.told, "{}", case.about);
    }
}

/// Each second at which something happens or is told, and those around it.
fn moments(case: &Case) -> BTreeSet<u64> {
    let all = case.happens.iter().chain(case.told);
    let seconds = all.map(|line| {
        let end = line.find([' ', ':']).unwrap();
        line[..end].parse::<u64>().unwrap()
    });
    seconds
        .flat_map(|at| [at.saturating_sub(1), at, at + 1])
        .collect()
}

async fn happen(stage: &mut Stage, line: &str, now: u64) {
    let words: Vec<_> = line.split(' ').collect();
    if words[0].parse() != Ok(now) {
        return;
    }
    let alert = words[2].parse().unwrap();
    let (change, severity) = match words[1] {
        "fired" => (AlertChange::Fired, Severity::Warning),
        "escalated" => (AlertChange::Escalated, Severity::Critical),
        "acknowledged" => (AlertChange::Acknowledged, Severity::Warning),
        "resolved" => (AlertChange::Resolved, Severity::Warning),
        _ => {
            let seconds: i64 = words[3].parse().unwrap();
            let ends_at = NOW.plus_ms((i64::try_from(now).unwrap() + seconds) * 1_000);
            let silence = format!(
                r#"{{"matchers":"alertname=rule {alert}","ends_at":{}}}"#,
                ends_at.0
            );
            stage.add::<SilenceInput>(&silence).await;
            return;
        }
    };
    stage.step(alert, change, severity).await;
}
