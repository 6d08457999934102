//! People whom routes, policies and schedules name: not told of what they do not see, forgotten when they go.

use common::alert::{AlertChange, PolicyInput, RouteInput, ScheduleInput, Severity, Target};

use super::stage::{ACTOR, NOW, Stage, allowed, channel, person};
use crate::store::tables::{self, Json};
use crate::store::{Connection, StoreError, forget};

const BY_CHANNEL_1: &str = r#"{"warning":["00000000-0000-0000-0000-000000000001"],
    "critical":["00000000-0000-0000-0000-000000000001"]}"#;

/// What is different about person 1, and what the trace says then; `None`: the person is told.
const PEOPLE: &[(&str, &[&str], bool, Option<&str>)] = &[
    ("sees all", &[], false, None),
    ("sees its group", &["web"], false, None),
    (
        "sees another group",
        &["db"],
        false,
        Some("preference dropped The person does not see this server."),
    ),
    (
        "is disabled",
        &[],
        true,
        Some("preference dropped The person may not read alerts any more."),
    ),
];

#[tokio::test]
async fn nobody_is_told_of_what_that_person_may_not_see() {
    for (about, groups, disabled, refused) in PEOPLE {
        let mut stage = Stage::new(0).await;
        stage.in_group("web").await;
        let groups: Vec<_> = groups.iter().map(|&group| group.to_owned()).collect();
        let disabled = *disabled;
        let change = stage.store.change(&ACTOR, move |conn| {
            let row = tables::user::find(conn, person(1))?.unwrap();
            let row = tables::user::UserRow {
                server_groups: Json(groups),
                disabled,
                ..row
            };
            tables::user::update(conn, &row)
        });
        change.await.unwrap();
        stage.prefer(1, BY_CHANNEL_1).await;
        let route = format!(
            r#"{{"name":"a","targets":[{{"kind":"person","id":"{}"}}]}}"#,
            person(1)
        );
        stage.add::<RouteInput>(&route).await;
        stage.step(1, AlertChange::Fired, Severity::Warning).await;
        let sent = stage.sent_out().await;
        let trace = stage.trace(1).await;
        match refused {
            Some(line) => {
                assert!(sent.is_empty(), "{about}: {sent:?}");
                assert!(trace.iter().any(|it| it == line), "{about}: {trace:?}");
            }
            None => assert_eq!(sent, ["1: 1 fired warning"], "{about}"),
        }
    }
}

#[tokio::test]
async fn who_goes_is_named_nowhere_any_more_and_the_next_one_is_on_call() {
    let mut stage = Stage::new(0).await;
    let (one, two) = (person(1), person(2));
    let schedule = format!(
        r#"{{"name":"a","layers":[{{"people":["{one}","{two}"],"rotation":{{"kind":"weekly"}},
            "starts_on":"2026-09-21"}}],
            "overrides":[{{"person":"{one}","starts_at":0,"ends_at":1}}]}}"#
    );
    let schedule = stage.add::<ScheduleInput>(&schedule).await;
    let targets = format!(
        r#"[{{"kind":"person","id":"{one}"}},{{"kind":"schedule","id":"{}"}}]"#,
        schedule.id
    );
    let policy = format!(r#"{{"name":"a","steps":[{{"targets":{targets}}}]}}"#);
    let policy = stage.add::<PolicyInput>(&policy).await;
    let inner = format!(r#"[{{"name":"b","matchers":"team=b","targets":{targets}}}]"#);
    let route = format!(r#"{{"name":"a","targets":{targets},"routes":{inner}}}"#);
    let route = stage.add::<RouteInput>(&route).await;
    stage.prefer(1, BY_CHANNEL_1).await;
    let by_channel_2 = format!(r#"{{"warning":["{}"]}}"#, channel(2));
    stage.prefer(2, &by_channel_2).await;
    stage.step(1, AlertChange::Fired, Severity::Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);

    let gone = stage.store.change(&ACTOR, move |conn| {
        forget::person(conn, one, NOW)?;
        tables::user::delete(conn, one)
    });
    gone.await.unwrap();
    stage.step(2, AlertChange::Fired, Severity::Warning).await;
    assert_eq!(stage.sent_out().await, ["2: 2 fired warning"]);
    let may = allowed();
    let schedule = stage.book.get::<ScheduleInput>(&may, schedule.id).await;
    let schedule = schedule.unwrap();
    assert_eq!(schedule.version, 2);
    assert_eq!(schedule.input.layers[0].people, [two]);
    assert!(schedule.input.overrides.is_empty());
    let policy = stage.book.get::<PolicyInput>(&allowed(), policy.id).await;
    assert_eq!(policy.unwrap().input.steps[0].targets.len(), 1);
    let route = stage.book.get::<RouteInput>(&allowed(), route.id).await;
    let route = route.unwrap().input;
    let names = |targets: &[Target]| targets.contains(&Target::Person { id: one });
    assert!(!names(&route.targets) && !names(&route.routes[0].targets));
}

#[tokio::test]
async fn who_forgets_the_own_wishes_is_not_told_what_waited() {
    let mut stage = Stage::new(0).await;
    let one = person(1);
    let hourly = BY_CHANNEL_1.replacen('{', r#"{"digest":{"kind":"hourly"},"#, 1);
    stage.prefer(1, &hourly).await;
    let route = format!(r#"{{"name":"a","targets":[{{"kind":"person","id":"{one}"}}]}}"#);
    stage.add::<RouteInput>(&route).await;
    stage.step(1, AlertChange::Fired, Severity::Warning).await;
    assert!(stage.sent_out().await.is_empty());
    let forgotten = stage
        .store
        .change(&ACTOR, move |conn| forget::wishes(conn, one, NOW));
    forgotten.await.unwrap();
    stage.pass(3_600);
    assert!(stage.sent_out().await.is_empty());
    let left = move |conn: &mut Connection| {
        let wishes = tables::notification_preference::find(conn, one)?;
        let whose = tables::inbox::Whose {
            user: one,
            groups: None,
        };
        Ok::<_, StoreError>((wishes, tables::inbox::unread(conn, &whose)?))
    };
    assert_eq!(stage.store.read(left).await.unwrap(), (None, 0));
}

#[tokio::test]
async fn who_left_a_channel_does_not_hear_the_end_there() {
    let mut stage = Stage::new(0).await;
    stage.prefer(1, BY_CHANNEL_1).await;
    stage.route_to("person", person(1), "").await;
    for number in [1, 2] {
        stage
            .step(number, AlertChange::Fired, Severity::Warning)
            .await;
    }
    let told = ["1: 1 fired warning", "1: 2 fired warning"];
    assert_eq!(stage.sent_out().await, told);
    stage
        .step(1, AlertChange::Resolved, Severity::Warning)
        .await;
    assert_eq!(stage.sent_out().await, ["1: 1 resolved warning"]);
    let by_channel_2 = format!(r#"{{"warning":["{}"]}}"#, channel(2));
    stage.prefer(1, &by_channel_2).await;
    stage
        .step(2, AlertChange::Resolved, Severity::Warning)
        .await;
    let none: [&str; 0] = [];
    assert_eq!(stage.sent_out().await, none);
}

#[tokio::test]
async fn a_route_and_a_step_for_one_who_goes_tell_nobody_rather_than_all() {
    let mut stage = Stage::new(0).await;
    let one = person(1);
    let targets = format!(r#"[{{"kind":"person","id":"{one}"}}]"#);
    let policy = format!(r#"{{"name":"a","steps":[{{"targets":{targets}}}]}}"#);
    let policy = stage.add::<PolicyInput>(&policy).await;
    let to_policy = format!(r#"[{{"kind":"policy","id":"{}"}}]"#, policy.id);
    let route = format!(r#"{{"name":"a","matchers":"alertname=rule 1","targets":{targets}}}"#);
    stage.add::<RouteInput>(&route).await;
    let route = format!(r#"{{"name":"b","targets":{to_policy}}}"#);
    stage.add::<RouteInput>(&route).await;
    let gone = stage.store.change(&ACTOR, move |conn| {
        forget::person(conn, one, NOW)?;
        tables::user::delete(conn, one)
    });
    gone.await.unwrap();
    for number in [1, 2] {
        stage
            .step(number, AlertChange::Fired, Severity::Critical)
            .await;
    }
    let none: [&str; 0] = [];
    assert_eq!(stage.sent_out().await, none);
    for number in [1, 2] {
        let trace = stage.trace(number).await;
        let removed = "preference dropped The person has been removed.";
        assert!(trace.iter().any(|it| it == removed), "{trace:?}");
    }
    let policy = stage.book.get::<PolicyInput>(&allowed(), policy.id).await;
    let policy = policy.unwrap().input;
    assert_eq!(
        policy.steps[0].targets,
        [Target::Person { id: one }],
        "a step without targets could not be saved again"
    );
}
