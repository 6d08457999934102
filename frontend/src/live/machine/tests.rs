//! The connection's states, walked through as a browser and a server would; never a socket.

use common::live::{ClientMessage, ServerMessage, Topic};
use common::time::UnixMs;

use super::{Action, Input, Machine};
use crate::live::link::Link;

fn welcome(build: &str) -> Input {
    Input::Heard(Box::new(ServerMessage::Welcome {
        protocol: common::live::PROTOCOL,
        build: build.into(),
        server_time: UnixMs(0),
    }))
}

fn authenticated() -> Input {
    Input::Heard(Box::new(ServerMessage::Authenticated {
        username: "ann".into(),
    }))
}

fn subscribe(topic: Topic, since: Option<u64>) -> Action {
    Action::Say(ClientMessage::Subscribe { topic, since })
}

/// A machine that is live at `now`, watching `fleet` and `alerts`.
fn live(now: f64) -> Machine {
    let mut machine = Machine::default();
    for input in [
        Input::Watch(Topic::Fleet),
        Input::Watch(Topic::Alerts),
        Input::Wanted(true),
        welcome("b1"),
        Input::Token(Some("t".into())),
        authenticated(),
    ] {
        machine.feed(input, now, 0.0);
    }
    machine
}

#[test]
fn from_nothing_to_live() {
    let mut machine = Machine::default();
    let mut feed = |input| machine.feed(input, 0.0, 0.0);
    assert_eq!(feed(Input::Watch(Topic::Fleet)), []);
    assert_eq!(feed(Input::Wanted(true)), [Action::Open]);
    assert_eq!(
        feed(welcome("b1")),
        [
            Action::Align(UnixMs(0)),
            Action::GetToken { refused: false }
        ]
    );
    assert_eq!(feed(Input::Token(None)), []);
    assert_eq!(
        feed(Input::Token(Some("t".into()))),
        [Action::Say(ClientMessage::Authenticate {
            token: Some("t".into()),
            ticket: None
        })]
    );
    assert_eq!(
        feed(authenticated()),
        [
            subscribe(Topic::Fleet, None),
            Action::Say(ClientMessage::Ping { nonce: Some(1) }),
            Action::Show(Link::Live { delay_ms: None }),
        ]
    );
}

#[test]
fn the_answer_to_a_ping_gives_the_delay() {
    let mut machine = live(0.0);
    let pong = |nonce| Input::Heard(Box::new(ServerMessage::Pong { nonce: Some(nonce) }));
    assert_eq!(machine.feed(pong(9), 18.0, 0.0), []);
    assert_eq!(
        machine.feed(pong(1), 18.0, 0.0),
        [Action::Show(Link::Live {
            delay_ms: Some(18.0)
        })]
    );
    assert_eq!(machine.feed(Input::Tick, 4_999.0, 0.0), []);
    assert_eq!(
        machine.feed(Input::Tick, 5_000.0, 0.0),
        [Action::Say(ClientMessage::Ping { nonce: Some(2) })]
    );
}

#[test]
fn a_lost_connection_comes_back_and_goes_on_where_it_was() {
    let mut machine = live(0.0);
    machine.feed(
        Input::Heard(Box::new(ServerMessage::Alerts {
            snapshot: true,
            seq: 7,
            items: Vec::new(),
        })),
        0.0,
        0.0,
    );
    let lost = machine.feed(Input::Closed(1006), 100.0, 0.0);
    assert_eq!(lost[0], Action::Close);
    assert_eq!(lost[1], Action::Show(Link::Reconnecting));
    assert!(matches!(lost[2], Action::Wait(wait) if wait.as_millis() == 250));
    assert_eq!(machine.feed(Input::Closed(1006), 100.0, 0.0), []);
    assert_eq!(machine.feed(Input::Retry, 350.0, 0.0), [Action::Open]);
    machine.feed(welcome("b1"), 400.0, 0.0);
    machine.feed(Input::Token(Some("t".into())), 400.0, 0.0);
    let back = machine.feed(authenticated(), 400.0, 0.0);
    assert!(back.contains(&subscribe(Topic::Alerts, Some(7))));
    assert!(back.contains(&Action::Resumed));
}

#[test]
fn alerts_that_were_missed_come_anew() {
    let mut machine = live(0.0);
    machine.feed(Input::Watch(Topic::Alerts), 0.0, 0.0);
    let alerts = ServerMessage::Alerts {
        snapshot: true,
        seq: 7,
        items: Vec::new(),
    };
    machine.feed(Input::Heard(Box::new(alerts)), 0.0, 0.0);
    let lagged = ServerMessage::Lagged {
        topic: Topic::Alerts,
    };
    assert_eq!(
        machine.feed(Input::Heard(Box::new(lagged.clone())), 0.0, 0.0),
        [
            subscribe(Topic::Alerts, None),
            Action::Deliver(Box::new(lagged)),
        ]
    );
}

#[test]
fn a_long_loss_is_offline() {
    let mut machine = live(0.0);
    machine.feed(Input::Closed(1006), 0.0, 0.0);
    for (now, link) in [(1_000.0, Link::Reconnecting), (8_000.0, Link::Offline)] {
        assert_eq!(
            machine.feed(Input::Tick, now, 0.0),
            [Action::Show(link)],
            "{now}"
        );
    }
}

#[test]
fn silence_ends_a_connection() {
    let mut machine = live(0.0);
    machine.feed(Input::Tick, 5_000.0, 0.0);
    assert_eq!(machine.feed(Input::Tick, 12_000.0, 0.0)[0], Action::Close);
}

#[test]
fn a_refused_token_is_renewed() {
    for (code, refused) in [(4401, true), (4403, true), (1001, false), (4408, false)] {
        let mut machine = live(0.0);
        machine.feed(Input::Closed(code), 0.0, 0.0);
        machine.feed(Input::Retry, 300.0, 0.0);
        assert_eq!(
            machine.feed(welcome("b1"), 300.0, 0.0),
            [Action::Align(UnixMs(0)), Action::GetToken { refused }],
            "{code}"
        );
    }
}

#[test]
fn another_build_is_loaded() {
    let mut machine = live(0.0);
    machine.feed(Input::Closed(1001), 0.0, 0.0);
    machine.feed(Input::Retry, 300.0, 0.0);
    assert_eq!(
        machine.feed(welcome("b2"), 300.0, 0.0),
        [Action::Align(UnixMs(0)), Action::Reload]
    );
}

#[test]
fn a_topic_is_subscribed_once_for_all_who_watch_it() {
    let mut machine = live(0.0);
    let mut feed = |input| machine.feed(input, 0.0, 0.0);
    assert_eq!(
        feed(Input::Watch(Topic::Inbox)),
        [subscribe(Topic::Inbox, None)]
    );
    assert_eq!(feed(Input::Watch(Topic::Inbox)), []);
    assert_eq!(feed(Input::Unwatch(Topic::Inbox)), []);
    assert_eq!(
        feed(Input::Unwatch(Topic::Inbox)),
        [Action::Say(ClientMessage::Unsubscribe {
            topic: Topic::Inbox
        })]
    );
    assert_eq!(feed(Input::Unwatch(Topic::Inbox)), []);
}
