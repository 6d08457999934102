//! Every message survives both encodings, and JSON reads as the API promises; never a socket.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{ClientMessage, Encoding, PROTOCOL, ServerMessage, Topic, Wire};
use crate::alert::{Alert, AlertChange, AlertCounts, AlertState, Severity};
use crate::api::inbox::InboxItem;
use crate::api::servers::ServerStatus;
use crate::api::status::RealtimeStatus;
use crate::host::{Cpu, HostSample, Load};
use crate::ids::{AlertId, InboxItemId, RuleId, ServerId};
use crate::problem::{FieldError, Problem};
use crate::time::UnixMs;

const AT: UnixMs = UnixMs(1_767_323_045_678);

fn id() -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)
}

fn alert() -> Alert {
    Alert {
        id: AlertId(id()),
        rule_id: RuleId(id()),
        rule: "CPU".into(),
        rule_version: 3,
        server_id: ServerId(id()),
        server: "web-1".into(),
        labels: BTreeMap::from([("mountpoint".into(), "/srv".into())]),
        severity: Severity::Critical,
        state: AlertState::Firing,
        value: Some(97.5),
        threshold: None,
        message: "CPU at 97.5 %".into(),
        started_at: AT,
        acknowledged_at: Some(AT),
        acknowledged_by: None,
        assignee: None,
        flapping: false,
        resolved_at: None,
        resolved_by: None,
        silenced_by: Vec::new(),
        muted_by: Vec::new(),
        inhibited_by: Vec::new(),
    }
}

fn inbox_item() -> InboxItem {
    InboxItem {
        id: InboxItemId(id()),
        at: AT,
        alert_id: AlertId(id()),
        change: AlertChange::Escalated,
        severity: Severity::Warning,
        server_id: ServerId(id()),
        title: "CPU".into(),
        body: "It is busy.".into(),
        read_at: None,
    }
}

fn status() -> RealtimeStatus {
    RealtimeStatus {
        server_id: ServerId(id()),
        name: "web-1".into(),
        group: None,
        tags: vec!["eu".into()],
        status: ServerStatus::Up,
        health_score: Some(98.0),
        cpu_percent: Some(1.5),
        memory_percent: None,
        disk_percent: None,
        network_received_bytes_per_second: Some(0.0),
        network_sent_bytes_per_second: None,
        load: None,
        alerts: AlertCounts::default(),
        last_seen_at: Some(AT),
    }
}

fn sample() -> HostSample {
    HostSample {
        cpu: Some(Cpu {
            percent: Some(12.5),
            cores_percent: vec![None, Some(20.0)],
            count: 2,
            ..Cpu::default()
        }),
        load: Some(Load {
            one: 0.1,
            five: 0.2,
            fifteen: 0.3,
        }),
        ..HostSample::default()
    }
}

fn problem(errors: Vec<FieldError>) -> Problem {
    Problem {
        kind: "not-found".into(),
        title: "Not found".into(),
        status: 404,
        detail: String::new(),
        errors,
        request_id: String::new(),
    }
}

fn server_messages() -> Vec<ServerMessage> {
    let (topic, snapshot) = (Topic::Server(ServerId(id())), true);
    vec![
        ServerMessage::Welcome {
            protocol: PROTOCOL,
            build: "abc".into(),
            server_time: AT,
        },
        ServerMessage::Authenticated {
            username: "ada".into(),
        },
        ServerMessage::Subscribed { topic },
        ServerMessage::Unsubscribed {
            topic: Topic::Inbox,
        },
        ServerMessage::Sample {
            server: ServerId(id()),
            at: AT,
            snapshot,
            sample: Box::new(sample()),
        },
        ServerMessage::Fleet {
            at: AT,
            snapshot: false,
            items: vec![status()],
        },
        ServerMessage::Alerts {
            snapshot,
            seq: 7,
            items: vec![alert()],
        },
        ServerMessage::Alert {
            seq: 8,
            change: AlertChange::Acknowledged,
            alert: Box::new(alert()),
        },
        ServerMessage::Inbox {
            snapshot,
            unread: 1,
            items: vec![inbox_item()],
        },
        ServerMessage::Lagged {
            topic: Topic::Alerts,
        },
        ServerMessage::Error {
            problem: problem(Vec::new()),
        },
        ServerMessage::Error {
            problem: problem(vec![FieldError::new("topic", "unknown")]),
        },
        ServerMessage::Pong { nonce: Some(4) },
    ]
}

fn client_messages() -> Vec<ClientMessage> {
    vec![
        ClientMessage::Authenticate {
            token: Some("t".into()),
            ticket: None,
        },
        ClientMessage::Subscribe {
            topic: Topic::Fleet,
            since: Some(6),
        },
        ClientMessage::Unsubscribe {
            topic: Topic::Alerts,
        },
        ClientMessage::Ping { nonce: None },
    ]
}

/// Checks that each message comes back from both encodings, and that no type is missing.
fn check<M: Wire + PartialEq + std::fmt::Debug>(messages: Vec<M>) {
    let mut types = BTreeSet::new();
    for message in messages {
        for encoding in Encoding::ALL {
            let bytes = encoding.encode(&message).unwrap();
            assert_eq!(encoding.decode::<M>(&bytes).unwrap(), message);
        }
        let json: serde_json::Value = serde_json::from_slice(&message.to_json().unwrap()).unwrap();
        types.insert(json["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(types.len(), M::TYPES, "{types:?}");
}

#[test]
fn every_message_survives_both_encodings() {
    check(server_messages());
    check(client_messages());
}

#[test]
fn clients_may_leave_out_what_is_optional() {
    let topic = Topic::Server(ServerId(id()));
    for (json, message) in [
        (
            r#"{"type":"authenticate","token":"t"}"#.to_owned(),
            client_messages().remove(0),
        ),
        (
            format!(r#"{{"type":"subscribe","topic":"{topic}","more":1}}"#),
            ClientMessage::Subscribe { topic, since: None },
        ),
        (
            r#"{"type":"ping"}"#.to_owned(),
            ClientMessage::Ping { nonce: None },
        ),
    ] {
        let decoded = ClientMessage::from_json(json.as_bytes()).unwrap();
        assert_eq!(decoded, message, "{json}");
    }
}

#[test]
fn what_is_no_message_is_refused_with_a_reason() {
    for (json, reason) in [
        ("", "EOF"),
        ("[]", "missing field `type`"),
        (r#"{"type":"dance"}"#, "unknown variant `dance`"),
        (r#"{"topic":"fleet"}"#, "missing field `type`"),
        (r#"{"type":"subscribe","topic":"sky"}"#, "unknown topic"),
        (
            r#"{"type":"subscribe","topic":"server:7"}"#,
            "unknown topic",
        ),
        (r#"{"type":"subscribe"}"#, "missing field `topic`"),
    ] {
        let error = ClientMessage::from_json(json.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(reason), "{json}: {error}");
    }
    assert!(Encoding::Postcard.decode::<ClientMessage>(&[99]).is_err());
}

#[test]
fn json_carries_readable_times_and_topics() {
    let subscribed = ServerMessage::Subscribed {
        topic: Topic::Fleet,
    };
    assert_eq!(
        subscribed.to_json().unwrap(),
        br#"{"type":"subscribed","topic":"fleet"}"#
    );
    let sample = server_messages().remove(4).to_json().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&sample).unwrap();
    assert_eq!(json["at"], "2026-01-02T03:04:05.678Z");
    assert_eq!(json["server"], id().to_string());
    assert_eq!(json["snapshot"], true);
    assert_eq!(json["sample"]["cpu"]["percent"], 12.5);
}
