//! Which routes take an alert; labels are written as `a=b,c=d`.

use std::collections::BTreeMap;

use common::alert::{RouteInput, Target};
use common::ids::{ChannelId, RouteId};
use common::time::UnixMs;
use uuid::Uuid;

use crate::alerts::noise::Subject;
use crate::notify::route::tree::{Asked, Choice, Routes, Said};

const NOW: UnixMs = UnixMs(1_790_000_000_000);

/// The tree of `TestRouteMatch`; a receiver is a channel whose id ends in its number.
const MATCH: &str = r#"[
    {"name": "A", "matchers": "owner=team-A", "targets": [1], "routes": [
        {"name": "testing", "matchers": "env=testing", "targets": [2], "group_by": ["..."]},
        {"name": "productionA", "matchers": "env=production", "targets": [3], "group_wait_seconds": 60, "continue": true},
        {"name": "productionB", "matchers": "env=~\"produ.*\",job=~\".*\"", "targets": [4], "group_wait_seconds": 30,
         "group_interval_seconds": 300, "repeat_interval_seconds": 3600, "group_by": ["job"]}
    ]},
    {"name": "BC", "matchers": "owner=~team-(B|C)", "targets": [5], "group_by": ["foo", "bar"], "group_wait_seconds": 120},
    {"name": "role", "matchers": "group_by=role", "group_by": ["role"], "routes": [
        {"name": "testing", "matchers": "env=testing", "targets": [2], "routes": [
            {"name": "long", "matchers": "wait=long", "group_wait_seconds": 120}
        ]}
    ]}
]"#;

/// Reads a tree whose targets are numbers of channels.
fn routes(text: &str) -> Routes {
    fn named(value: &mut serde_json::Value) {
        for route in value.as_array_mut().unwrap() {
            let targets = route.get_mut("targets").and_then(|it| it.as_array_mut());
            for target in targets.into_iter().flatten() {
                let id = Uuid::from_u128(target.as_u64().unwrap().into());
                *target = serde_json::json!({"kind": "channel", "id": id});
            }
            if let Some(inside) = route.get_mut("routes") {
                named(inside);
            }
        }
    }
    let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
    named(&mut value);
    let read: Vec<RouteInput> = serde_json::from_value(value).unwrap();
    let ids = (1..).map(|id| RouteId(Uuid::from_u128(id)));
    Routes::of(ids.zip(read).collect())
}

fn alert(text: &str) -> Subject {
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    let labels: BTreeMap<_, _> = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Subject::thought_of(labels)
}

/// "A/testing to 2 by ... wait 0 interval 300 repeat 0".
fn written(choice: &Choice) -> String {
    let targets = choice.targets.iter().map(|target| match target {
        Target::Channel { id: ChannelId(id) } => id.as_u128().to_string(),
        other => format!("{other:?}"),
    });
    let targets: Vec<_> = targets.collect();
    format!(
        "{} to {} by {} wait {} interval {} repeat {}",
        choice.path.join("/"),
        targets.join(","),
        choice
            .group_by
            .as_ref()
            .map_or("alert".to_owned(), |by| by.join(",")),
        choice.group_wait_seconds,
        choice.group_interval_seconds,
        choice.repeat_interval_seconds,
    )
}

/// `TestRouteMatch` and `TestRouteMatchers` of Alertmanager.
#[test]
fn routes_are_taken_as_alertmanager_takes_them() {
    let with_level = MATCH
        .replace("owner=team-A", "owner=team-A,level!=critical")
        .replace(
            "env=testing\", \"targets\": [2], \"group_by\"",
            "env=testing,baz!~.*quux\", \"targets\": [2], \"group_by\"",
        );
    for tree in [MATCH, &with_level] {
        let routes = routes(tree);
        for (labels, expected) in [
            (
                "owner=team-A",
                &["A to 1 by alert wait 0 interval 300 repeat 0"][..],
            ),
            (
                "owner=team-A,env=unset",
                &["A to 1 by alert wait 0 interval 300 repeat 0"],
            ),
            (
                "owner=team-C",
                &["BC to 5 by foo,bar wait 120 interval 300 repeat 0"],
            ),
            (
                "owner=team-A,env=testing",
                &["A/testing to 2 by ... wait 0 interval 300 repeat 0"],
            ),
            (
                "owner=team-A,env=production",
                &[
                    "A/productionA to 3 by alert wait 60 interval 300 repeat 0",
                    "A/productionB to 4 by job wait 30 interval 300 repeat 3600",
                ],
            ),
            (
                "group_by=role",
                &["role to AllChannels by role wait 0 interval 300 repeat 0"],
            ),
            (
                "env=testing,group_by=role",
                &["role/testing to 2 by role wait 0 interval 300 repeat 0"],
            ),
            (
                "env=testing,group_by=role,wait=long",
                &["role/testing/long to 2 by role wait 120 interval 300 repeat 0"],
            ),
            (
                "owner=nobody",
                &[" to AllChannels by alert wait 0 interval 300 repeat 0"],
            ),
        ] {
            let (choices, _) = routes.choose(&alert(labels), NOW);
            let found: Vec<_> = choices.iter().map(written).collect();
            assert_eq!(found, expected, "{labels}");
        }
    }
}

#[test]
fn each_route_says_why_it_does_not_take_an_alert() {
    let routes = routes(
        r#"[
        {"name": "last", "position": 9, "targets": [1]},
        {"name": "off", "targets": [1], "enabled": false},
        {"name": "at night", "targets": [1], "active_times": [{"times": [{"start_time": "22:00", "end_time": "06:00"}]}]},
        {"name": "db", "targets": [1], "matchers": "severity=critical,server=db"},
        {"name": "outer", "targets": [1], "routes": [{"name": "inner", "targets": [2]}]},
        {"name": "never asked", "targets": [1]}
    ]"#,
    );
    let (choices, asked) = routes.choose(&alert("severity=critical,server=web"), NOW);
    assert_eq!(choices.len(), 1);
    let said: Vec<_> = asked
        .iter()
        .map(|Asked { path, said, .. }| {
            let said = match said {
                Said::Takes => "takes".to_owned(),
                Said::TakesInside => "inside".to_owned(),
                Said::Off => "off".to_owned(),
                Said::Unmet(condition) => condition.to_string(),
                Said::NotNow => "not now".to_owned(),
                Said::NotAsked => "not asked".to_owned(),
            };
            (path.join("/"), said)
        })
        .collect();
    let expected = [
        ("off", "off"),
        ("at night", "not now"),
        ("db", r#"server="db""#),
        ("outer", "inside"),
        ("outer/inner", "takes"),
        ("never asked", "not asked"),
        ("last", "not asked"),
    ];
    assert_eq!(
        said,
        expected.map(|(path, said)| (path.to_owned(), said.to_owned()))
    );
}
