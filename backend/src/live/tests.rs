//! The hub behind a real socket: encodings, order, limits, revocation, slow clients.

mod client;
mod stage;

use std::sync::Arc;
use std::time::Duration;

use common::access::Role;
use common::alert::AlertChange;
use common::live::{ClientMessage, CloseCode, Encoding, ServerMessage, Topic};
use tokio_tungstenite::tungstenite::Message;

use super::{Limits, LiveEvent};
use client::Client;
use stage::{AT, SEQ, SERVER, SESSION, Stage, TOKEN, USER, alert, big_sample, sample};

#[actix_web::test]
async fn both_encodings_get_snapshot_and_news() {
    let stage = Stage::new(Limits::default());
    for encoding in Encoding::ALL {
        let mut client = stage.client(encoding).await;
        let topic = Topic::Server(SERVER);
        client.subscribe(topic).await;
        assert_eq!(client.hear().await, sample(AT, true));
        assert!(stage.is_watched());
        stage.publish_sample(AT.plus_ms(1000), Arc::default());
        assert_eq!(client.hear().await, sample(AT.plus_ms(1000), false));
        client.say(&ClientMessage::Unsubscribe { topic }).await;
        let unsubscribed = ServerMessage::Unsubscribed { topic };
        assert_eq!(client.hear().await, unsubscribed);
        assert!(!stage.is_watched());
        client.say(&ClientMessage::Ping { nonce: Some(9) }).await;
        assert_eq!(client.hear().await, ServerMessage::Pong { nonce: Some(9) });
    }
    stage.stop().await;
}

#[actix_web::test]
async fn alerts_come_in_order_and_are_made_up_for_after_a_break() {
    let stage = Stage::new(Limits::default());
    let mut client = stage.client(Encoding::Json).await;
    client.subscribe(Topic::Alerts).await;
    let items = vec![alert()];
    let snapshot = ServerMessage::Alerts {
        snapshot: true,
        seq: SEQ,
        items,
    };
    assert_eq!(client.hear().await, snapshot);
    let steps = [
        AlertChange::Fired,
        AlertChange::Escalated,
        AlertChange::Resolved,
    ];
    for change in steps {
        stage.change_alert(change);
    }
    for (seq, change) in (SEQ + 1..).zip(steps) {
        let alert = Box::new(alert());
        let expected = ServerMessage::Alert { seq, change, alert };
        assert_eq!(client.hear().await, expected);
    }
    let mut back = stage.client(Encoding::Postcard).await;
    let topic = Topic::Alerts;
    for (since, missed) in [(SEQ + 3, 0), (SEQ + 1, 2), (SEQ - 1, usize::MAX)] {
        let since = Some(since);
        back.say(&ClientMessage::Subscribe { topic, since }).await;
        assert_eq!(back.hear().await, ServerMessage::Subscribed { topic });
        let mut made_up = 0;
        loop {
            match back.hear().await {
                ServerMessage::Alert { .. } => made_up += 1,
                ServerMessage::Lagged { .. } => made_up = usize::MAX,
                ServerMessage::Alerts { seq, .. } => {
                    assert_eq!((seq, made_up), (SEQ + 3, missed));
                    break;
                }
                other => panic!("unexpected {other:?}"),
            }
        }
    }
    stage.stop().await;
}

#[actix_web::test]
async fn what_is_refused_is_answered_and_the_connection_stays() {
    let stage = Stage::new(Limits::default());
    let mut client = stage.client(Encoding::Json).await;
    let nowhere = uuid::Uuid::from_u128(99);
    for (text, status) in [
        (r#"{"type":"dance"}"#.to_owned(), 422),
        ("not json".to_owned(), 422),
        (r#"{"type":"authenticate"}"#.to_owned(), 422),
        (
            format!(r#"{{"type":"subscribe","topic":"server:{nowhere}"}}"#),
            404,
        ),
    ] {
        client.write(Message::text(text.clone())).await;
        match client.hear().await {
            ServerMessage::Error { problem } => assert_eq!(problem.status, status, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    client.subscribe(Topic::Fleet).await;
    stage.stop().await;
}

#[actix_web::test]
async fn connections_are_closed_with_the_right_code() {
    let soon = Limits {
        authenticate_within: Duration::from_millis(50),
        ..Limits::default()
    };
    let few = Limits {
        connections_per_session: 1,
        message_burst: 5,
        ..Limits::default()
    };
    let silent = Stage::new(soon);
    let mut client = silent.connect(Some(Encoding::Json)).await;
    assert_eq!(client.closed().await, CloseCode::NotAuthenticated.code());

    let stage = Stage::new(few);
    let mut client = stage.connect(None).await;
    client.authenticate("forged").await;
    assert_eq!(client.closed().await, CloseCode::NotAuthenticated.code());

    let mut client = stage.connect(Some(Encoding::Postcard)).await;
    let (topic, since) = (Topic::Fleet, None);
    client.say(&ClientMessage::Subscribe { topic, since }).await;
    assert_eq!(client.closed().await, CloseCode::NotAuthenticated.code());

    let mut first = stage.client(Encoding::Json).await;
    let mut second = stage.connect(None).await;
    second.authenticate(TOKEN).await;
    assert_eq!(second.closed().await, CloseCode::TooMany.code());
    for _ in 0..6 {
        first.say(&ClientMessage::Ping { nonce: None }).await;
    }
    assert_eq!(first.closed().await, CloseCode::TooMany.code());
    silent.stop().await;
    stage.stop().await;
}

#[actix_web::test]
async fn frames_over_the_limit_close_however_they_come() {
    let stage = Stage::new(Limits::default());
    for length in [64 * 1024 + 1, 1024 * 1024] {
        let mut client = stage.client(Encoding::Json).await;
        client.try_write(Message::text("x".repeat(length))).await;
        assert_eq!(
            client.closed().await,
            CloseCode::TooLarge.code(),
            "{length}"
        );
    }
    let mut client = stage.client(Encoding::Json).await;
    for part in 0..3 {
        client.try_write(Client::part(part, 30 * 1024)).await;
    }
    assert_eq!(
        client.closed().await,
        CloseCode::TooLarge.code(),
        "in parts"
    );
    stage.stop().await;
}

#[actix_web::test]
async fn a_lost_session_or_permission_closes_at_once() {
    let stage = Stage::new(Limits::default());
    let mut client = stage.client(Encoding::Json).await;
    client.subscribe(Topic::Fleet).await;
    stage.set_role(Some(Role::Viewer));
    client.say(&ClientMessage::Ping { nonce: None }).await;
    while client.hear().await != (ServerMessage::Pong { nonce: None }) {}
    stage.set_role(None);
    assert_eq!(client.closed().await, CloseCode::NotAllowed.code());
    stage.stop().await;
}

/// Subscribes to servers and alerts; what is seen of them at first.
async fn first_look(client: &mut Client) -> (usize, usize) {
    client.subscribe(Topic::Fleet).await;
    let servers = match client.hear().await {
        ServerMessage::Fleet { items, .. } => items.len(),
        other => panic!("unexpected {other:?}"),
    };
    client.subscribe(Topic::Alerts).await;
    match client.hear_but_fleet().await {
        ServerMessage::Alerts { items, .. } => (servers, items.len()),
        other => panic!("unexpected {other:?}"),
    }
}

#[actix_web::test]
async fn a_limited_person_sees_the_own_groups_alone() {
    let stage = Stage::new(Limits::default());
    stage.move_to("web");
    for (groups, seen) in [(&["db"][..], 0), (&["db", "web"], 1), (&[], 1)] {
        stage.set_groups(groups);
        let mut client = stage.client(Encoding::Json).await;
        assert_eq!(first_look(&mut client).await, (seen, seen), "{groups:?}");
        let (topic, since) = (Topic::Server(SERVER), None);
        client.say(&ClientMessage::Subscribe { topic, since }).await;
        match client.hear_but_fleet().await {
            ServerMessage::Subscribed { .. } => {
                assert_eq!(seen, 1, "{groups:?}");
                let newest = client.hear_but_fleet().await;
                assert!(matches!(
                    newest,
                    ServerMessage::Sample { snapshot: true, .. }
                ));
            }
            ServerMessage::Error { problem } => assert_eq!((problem.status, seen), (404, 0)),
            other => panic!("unexpected {other:?}"),
        }
        client.subscribe(Topic::Inbox).await;
        stage.change_alert(AlertChange::Escalated);
        let (user, unread, items) = (USER, 9, Vec::new());
        let last = LiveEvent::Inbox {
            user,
            unread,
            items,
        };
        stage.publisher.publish(last);
        let mut changes = 0;
        loop {
            match client.hear().await {
                ServerMessage::Alert { .. } => changes += 1,
                ServerMessage::Inbox { unread: 9, .. } => break,
                _ => {}
            }
        }
        assert_eq!(changes, seen, "{groups:?}");
    }
    stage.stop().await;
}

#[actix_web::test]
async fn other_groups_of_a_person_or_a_server_count_at_once() {
    let stage = Stage::new(Limits::default());
    stage.move_to("web");
    stage.set_groups(&["web"]);
    let mut client = stage.client(Encoding::Json).await;
    assert_eq!(first_look(&mut client).await, (1, 1));
    stage.move_to("db");
    let (mut is_gone, mut lags) = (false, false);
    while !is_gone || !lags {
        match client.hear().await {
            ServerMessage::Fleet { items, .. } => is_gone = items.is_empty(),
            ServerMessage::Lagged { topic } => lags = topic == Topic::Alerts,
            other => panic!("unexpected {other:?}"),
        }
    }
    stage.set_groups(&["db"]);
    assert_eq!(client.closed().await, CloseCode::NotAllowed.code());

    let mut client = stage.client(Encoding::Json).await;
    let topic = Topic::Server(SERVER);
    client.subscribe(topic).await;
    assert_eq!(client.hear().await, sample(AT, true));
    stage.move_to("web");
    assert_eq!(client.closed().await, CloseCode::NotAllowed.code());
    stage.stop().await;
}

#[actix_web::test]
async fn stopping_closes_with_going_away() {
    let stage = Stage::new(Limits::default());
    let mut client = stage.client(Encoding::Json).await;
    stage.stop().await;
    assert_eq!(client.closed().await, CloseCode::GoingAway.code());
}

#[actix_web::test]
async fn a_client_that_does_not_read_is_dropped_and_delays_nobody() {
    let stage = Stage::new(Limits {
        write_within: Duration::from_millis(200),
        ..Limits::default()
    });
    let mut slow = stage.client(Encoding::Json).await;
    slow.subscribe(Topic::Server(SERVER)).await;
    let mut fast = stage.client(Encoding::Postcard).await;
    fast.subscribe(Topic::Server(SERVER)).await;
    assert_eq!(fast.hear().await, sample(AT, true));
    assert_eq!(stage.connections(), 2);
    let sample = big_sample();
    let mut turn = 0;
    while stage.connections() == 2 {
        turn += 1;
        let at = AT.plus_ms(turn);
        stage.publish_sample(at, Arc::clone(&sample));
        match fast.hear_within(Duration::from_secs(1)).await {
            ServerMessage::Sample { at: heard, .. } => assert_eq!(heard, at),
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(slow.is_cut().await);
    stage.stop().await;
}

#[actix_web::test]
async fn a_person_gets_only_his_own_inbox() {
    let stage = Stage::new(Limits::default());
    let mut client = stage.client(Encoding::Json).await;
    client.subscribe(Topic::Inbox).await;
    let told = |snapshot, unread| ServerMessage::Inbox {
        snapshot,
        unread,
        items: Vec::new(),
    };
    assert_eq!(client.hear().await, told(true, 1));
    let other = common::ids::UserId(uuid::Uuid::from_u128(77));
    for (user, unread) in [(other, 5), (USER, 2)] {
        let items = Vec::new();
        let event = LiveEvent::Inbox {
            user,
            unread,
            items,
        };
        stage.publisher.publish(event);
    }
    assert_eq!(client.hear().await, told(false, 2));
    assert_ne!(SESSION.0, USER.0);
    stage.stop().await;
}
