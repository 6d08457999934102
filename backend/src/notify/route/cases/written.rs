//! What may be written, by whom it is seen, and how long it is kept.

use std::collections::BTreeSet;

use common::access::Role;
use common::alert::{AlertChange, ScheduleInput, Severity, SilenceInput, WindowInput};
use common::api::preferences::NotificationPreferences;
use common::ids::SessionId;
use common::version::Seen;
use uuid::Uuid;

use super::stage::{ACTOR, NOW, Stage, allowed, person};
use crate::alerts::noise::{BookError, Document};
use crate::auth::policy::Marker;
use crate::auth::{Allowed, Credential, Principal, Scope};
use crate::notify::Wishes;
use crate::store::Connection;
use crate::store::tables::notice;

/// Somebody who sees the servers of the group web.
fn of_web<P: Marker>() -> Allowed<P> {
    Allowed::for_test(Principal {
        user: person(2),
        credential: Credential::Session(SessionId(Uuid::from_u128(4))),
        role: Role::Operator,
        must_change_password: false,
        scope: Scope::of(&["web".to_owned()]),
    })
}

/// The fields that are refused.
async fn refused<D: Document>(stage: &Stage, text: &str) -> BTreeSet<String> {
    let input: D = serde_json::from_str(text).unwrap();
    match stage.book.create(&allowed::<D::Write>(), input).await {
        Err(BookError::Invalid(fields)) => fields.into_iter().map(|it| it.field).collect(),
        other => panic!("{text}: {other:?}"),
    }
}

#[tokio::test]
async fn what_would_cost_too_much_or_never_end_is_refused() {
    let stage = Stage::new(0).await;
    let times: Vec<_> = (0..26)
        .map(|minute| format!(r#"{{"start_time":"01:{minute:02}","end_time":"02:00"}}"#))
        .collect();
    let interval = format!(r#"{{"times":[{}]}}"#, times.join(","));
    let many = [interval.as_str(); 4].join(",");
    for intervals in [
        many.as_str(),
        r#"{"weekdays":["monday:sunday"]}"#,
        r#"{"times":[{"start_time":"00:00","end_time":"24:00"}]}"#,
        r#"{"weekdays":["monday:friday"]},{"weekdays":["saturday","sunday"]}"#,
        "{}",
    ] {
        let window = format!(
            r#"{{"name":"a","schedule":{{"kind":"recurring","intervals":[{intervals}]}}}}"#
        );
        let fields = refused::<WindowInput>(&stage, &window).await;
        assert_eq!(fields, ["schedule.intervals".to_owned()].into());
    }
    let patterns: Vec<_> = (0..11).map(|at| format!("l{at}=~a")).collect();
    let many = format!("\"{}\"", patterns.join(","));
    let large = r#"[{"name":"a","op":"=~","value":"(\\pL{40}){40}"}]"#.to_owned();
    for matchers in [many, large] {
        let silence = format!(r#"{{"matchers":{matchers},"ends_at":1790000060000}}"#);
        let fields = refused::<SilenceInput>(&stage, &silence).await;
        assert_eq!(fields.len(), 1, "{matchers}: {fields:?}");
    }
    let late = format!(
        r#"{{"name":"a","layers":[{{"people":["{}"],"rotation":{{"kind":"daily"}},
            "starts_on":"2026-09-21","hand_over_time":"24:00"}}]}}"#,
        person(1)
    );
    let fields = refused::<ScheduleInput>(&stage, &late).await;
    assert_eq!(fields, ["layers[0].hand_over_time".to_owned()].into());
    let wishes = Wishes::new(stage.store.clone(), stage.clock.clone());
    for (text, field) in [
        (r#"{"quiet_hours":[{}]}"#, "quiet_hours"),
        (r#"{"digest":{"kind":"daily","at":"24:00"}}"#, "digest.at"),
    ] {
        let wanted: NotificationPreferences = serde_json::from_str(text).unwrap();
        match wishes.put(&allowed(), wanted).await {
            Err(BookError::Invalid(fields)) => assert_eq!(fields[0].field, field),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn who_is_limited_to_groups_sees_and_silences_those_alone() {
    let mut stage = Stage::new(0).await;
    stage.in_group("web").await;
    let hour = "1790003600000";
    let (may, read) = (of_web(), of_web());
    let own = format!(r#"{{"matchers":"server=web-1","ends_at":{hour}}}"#);
    let own = serde_json::from_str::<SilenceInput>(&own).unwrap();
    let own = stage.book.create(&may, own).await.unwrap();
    let other = format!(r#"{{"matchers":"group=mail","ends_at":{hour},"comment":"breach"}}"#);
    let other = stage.add::<SilenceInput>(&other).await;
    let found = stage.book.get::<SilenceInput>(&read, other.id).await;
    assert!(matches!(found, Err(BookError::NotFound(_))), "{found:?}");
    let ended = stage.book.amend(&may, other.id, SilenceInput::expired);
    let ended = ended.await;
    assert!(matches!(ended, Err(BookError::NotFound(_))), "{ended:?}");
    let replaced = stage
        .book
        .replace(&may, other.id, other.input.clone(), Seen::Any)
        .await;
    assert!(
        matches!(replaced, Err(BookError::NotFound(_))),
        "{replaced:?}"
    );
    let listed = stage.book.page::<SilenceInput>(&read, None, 1).await;
    let listed: Vec<_> = listed.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(listed, [own.id]);
    stage.step(1, AlertChange::Fired, Severity::Warning).await;
    assert!(stage.sent().await.is_empty());
    // The server goes to another group: it is not theirs any more.
    let moved = stage.store.change(&ACTOR, |conn| {
        let mut rows = crate::store::tables::server::all(conn)?;
        let mut row = rows.remove(0);
        row.group_name = Some("db".to_owned());
        crate::store::tables::server::update(conn, &row)
    });
    moved.await.unwrap();
    let gone = stage.book.get::<SilenceInput>(&read, own.id).await;
    assert!(matches!(gone, Err(BookError::NotFound(_))), "{gone:?}");
    stage.step(2, AlertChange::Fired, Severity::Warning).await;
    assert_eq!(stage.sent_out().await.len(), 2);
}

#[tokio::test]
async fn what_is_over_is_kept_for_a_month_and_groups_for_their_longest_interval() {
    // After so many days: documents that go, groups that are left.
    for (days, documents, groups) in [(7, 0, 1), (9, 0, 0), (29, 0, 0), (31, 1, 0)] {
        let mut stage = Stage::new(0).await;
        let silence = r#"{"matchers": "a=b", "ends_at": 1790000060000}"#;
        stage.add::<SilenceInput>(silence).await;
        let june =
            r#"{"name":"a","schedule":{"kind":"recurring","intervals":[{"months":["june"]}]}}"#;
        stage.add::<WindowInput>(june).await;
        let channel = "00000000-0000-0000-0000-000000000001";
        stage
            .route_to("channel", channel, r#","group_by":[]"#)
            .await;
        stage.step(1, AlertChange::Fired, Severity::Warning).await;
        assert_eq!(stage.sent_out().await.len(), 1);
        let now = NOW.plus_ms(days * 86_400_000);
        let removed = stage.store.remove_past_noise(ACTOR, now).await.unwrap();
        let all = |conn: &mut Connection| notice::forget_groups(conn, NOW.plus_ms(1));
        let left = stage.store.change(&ACTOR, all).await.unwrap();
        assert_eq!((removed, left), (documents, groups), "{days}");
    }
}
