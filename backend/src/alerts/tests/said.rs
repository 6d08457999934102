//! What people say to alerts, and to whom they give them.

use common::alert::AlertComment;

use super::*;
use crate::store::tables::user::UserRow;

const ANN: UserId = UserId(Uuid::from_u128(7));

async fn add_person(store: &Store, id: UserId, disabled: bool) {
    let row = UserRow {
        server_groups: Json(Vec::new()),
        id: Blob(id),
        version: 1,
        username: format!("person-{}", id.0.as_u128()),
        display_name: None,
        email: None,
        phone: None,
        time_zone: None,
        locale: None,
        role: Word(Role::Operator),
        disabled,
        password_hash: None,
        must_change_password: false,
        created_at: Moment(START),
        updated_at: Moment(START),
        last_login_at: None,
    };
    let add = store.change(&PERSON, move |conn| tables::user::insert(conn, &row));
    add.await.unwrap();
}

#[tokio::test]
async fn what_is_said_stands_in_the_history_and_is_no_message() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(31, 75.0).await;
    let [pending] = bench.alerts().await.try_into().unwrap();
    assert!(matches!(
        bench.act(pending.id, Act::Comment).await,
        Err(AlertError::Pending(_))
    ));
    bench.cpu(30, 75.0).await;
    let said = bench.act(pending.id, Act::Comment).await.unwrap();
    assert_eq!(said.state, AlertState::Firing);
    bench.act(pending.id, Act::Resolve).await.unwrap();
    bench.act(pending.id, Act::Comment).await.unwrap();
    assert_eq!(
        bench.steps(),
        [
            "fired warning",
            "commented warning",
            "resolved warning",
            "commented warning"
        ]
    );
    assert_eq!(bench.intents().await, 2, "what is said is told nobody");
    let detail = bench.reader().detail(&allowed(), pending.id).await.unwrap();
    let comment = AlertComment {
        at: clock.now(),
        by: Some(UserId(Uuid::from_u128(2))),
        comment: "on it".to_owned(),
    };
    assert_eq!(detail.comments, [comment.clone(), comment.clone(), comment]);
}

#[tokio::test]
async fn an_alert_is_given_to_somebody_who_is_there() {
    let first = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(first.path(), &clock).await;
    let gone = UserId(Uuid::from_u128(8));
    add_person(&bench.store, ANN, false).await;
    add_person(&bench.store, gone, true).await;
    bench.cpu(61, 75.0).await;
    let [alert] = bench.alerts().await.try_into().unwrap();
    for nobody in [gone, UserId(Uuid::nil())] {
        assert!(matches!(
            bench.act(alert.id, Act::Assign(Some(nobody))).await,
            Err(AlertError::NoSuchPerson(person)) if person == nobody
        ));
    }
    let given = bench.act(alert.id, Act::Assign(Some(ANN))).await.unwrap();
    assert_eq!(given.assignee, Some(ANN));
    let again = bench.act(alert.id, Act::Assign(Some(ANN))).await.unwrap();
    assert_eq!(again, given);
    assert_eq!(bench.steps(), ["fired warning", "assigned warning"]);

    // It stays through a kill, an escalation and the end.
    let second = left_behind(first.path());
    let mut bench = Bench::open(second.path(), &clock).await;
    bench.cpu(61, 95.0).await;
    bench.cpu(61, 10.0).await;
    let past = &bench.alerts().await[0];
    assert_eq!(
        (past.state, past.assignee),
        (AlertState::Resolved, Some(ANN))
    );
    let free = bench.act(alert.id, Act::Assign(None)).await.unwrap();
    assert_eq!(free.assignee, None);
    let detail = bench.reader().detail(&allowed(), alert.id).await.unwrap();
    let given: Vec<_> = detail
        .history
        .iter()
        .filter(|it| it.change == AlertChange::Assigned)
        .map(|it| it.assignee)
        .collect();
    assert_eq!(given, [Some(ANN), None]);
    assert_eq!(bench.intents().await, 3, "fired, escalated, resolved");
}

#[tokio::test]
async fn lists_are_filtered_by_every_field() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    add_person(&bench.store, ANN, false).await;
    bench.cpu(61, 95.0).await;
    let [cpu] = bench.alerts().await.try_into().unwrap();
    bench.act(cpu.id, Act::Assign(Some(ANN))).await.unwrap();
    let labels = Labels::one("mountpoint", "/srv/50%_full");
    bench
        .feed("host_filesystem_usage_percent", labels, 61, 85.0)
        .await;
    let (disk, reader) = (bench.alerts().await[0].clone(), bench.reader());
    let text = |text: &str| AlertFilter {
        text: Some(text.to_owned()),
        ..AlertFilter::default()
    };
    let nothing = AlertFilter::default();
    for (filter, expected) in [
        (nothing.clone(), vec![disk.id, cpu.id]),
        (text("HIGH cpu"), vec![cpu.id]),
        (text("WEB-1"), vec![disk.id, cpu.id]),
        (text("50%_F"), vec![disk.id]),
        (text("5_%"), vec![]),
        (text("\\"), vec![]),
        (text(""), vec![disk.id, cpu.id]),
        (
            AlertFilter {
                rule: Some(cpu.rule_id),
                ..nothing.clone()
            },
            vec![cpu.id],
        ),
        (
            AlertFilter {
                assignee: Some(ANN),
                ..nothing.clone()
            },
            vec![cpu.id],
        ),
        (
            AlertFilter {
                from: Some(disk.started_at),
                ..nothing.clone()
            },
            vec![disk.id],
        ),
        (
            AlertFilter {
                to: Some(disk.started_at),
                ..nothing.clone()
            },
            vec![cpu.id],
        ),
    ] {
        let page = reader.history(&allowed(), &filter, None, 50).await.unwrap();
        let found: Vec<_> = page.iter().map(|alert| alert.id).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}
