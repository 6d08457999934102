//! Silences, windows and inhibitions against alerts; labels are written as `a=b,c=d`.

use std::collections::BTreeMap;

use common::alert::{InhibitionInput, LabelMatch, SilenceInput, WindowInput};
use common::ids::{AlertId, ServerId, SilenceId, WindowId};
use common::series::matcher::Filter;
use common::time::UnixMs;
use uuid::Uuid;

use crate::alerts::noise::{Plan, Subject};
use crate::auth::Scope;

const NOW: UnixMs = UnixMs(1_790_000_000_000);

fn labels(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn alert(id: u128, text: &str, fires: bool) -> Subject {
    Subject {
        id: AlertId(Uuid::from_u128(id)),
        fires,
        ..Subject::thought_of(labels(text))
    }
}

fn matchers(text: &str) -> LabelMatch {
    text.parse().unwrap()
}

fn inhibition(source: &str, target: &str, equal: &[&str]) -> InhibitionInput {
    InhibitionInput {
        name: "a".to_owned(),
        source_matchers: matchers(source),
        target_matchers: matchers(target),
        equal: equal.iter().map(|&name| name.to_owned()).collect(),
        enabled: true,
    }
}

/// `TestMatcher` of Alertmanager; a dot matches a line's end here, as it does in Prometheus.
#[test]
fn conditions_are_those_of_alertmanager() {
    for (condition, value, holds) in [
        ("l=bar", "bar", true),
        ("l=bar", "foo-bar", false),
        ("l!=bar", "bar", false),
        ("l!=bar", "foo-bar", true),
        ("l=~bar", "bar", true),
        ("l=~bar", "foo-bar", false),
        ("l=~.*bar", "foo-bar", true),
        ("l!~bar", "bar", false),
        ("l!~bar", "foo-bar", true),
        ("l!~.*bar", "foo-bar", false),
        ("l=~foo.bar", "foo-bar", true),
        (r"l=~foo\.bar", "foo-bar", false),
        (r"l=~foo\.bar", "foo.bar", true),
        (r#"l="foo\nbar""#, "foo\nbar", true),
        ("l=~(?s)foo.bar", "foo\nbar", true),
        (r#"l="~!=\"""#, "~!=\"", true),
    ] {
        let filter = Filter::new(&matchers(condition).0).unwrap();
        let labels = BTreeMap::from([("l".to_owned(), value.to_owned())]);
        let found = Subject::thought_of(labels).meets(&filter);
        assert_eq!(found, holds, "{condition} on {value:?}");
    }
}

/// `TestSilencer` of Alertmanager, and times: a silence holds from its start up to its end.
#[test]
fn silences_hold_back_what_they_match_while_they_last() {
    for (condition, from, to, on, holds) in [
        ("foo=bar", -1, 1, "foo=bar", true),
        ("foo=bar", -1, 1, "foo=baz", false),
        ("foo=bar", -1, 1, "foo=bar,more=x", true),
        ("foo=bar,more=x", -1, 1, "foo=bar", false),
        ("foo=bar,none=", -1, 1, "foo=bar", true),
        ("foo=bar", 0, 1, "foo=bar", true),
        ("foo=bar", 1, 2, "foo=bar", false),
        ("foo=bar", -1, 0, "foo=bar", false),
        ("foo=~b.+", -1, 1, "foo=bar", true),
        ("foo!=bar", -1, 1, "other=x", true),
    ] {
        let mut plan = Plan::default();
        let silence = SilenceInput {
            matchers: matchers(condition),
            starts_at: Some(NOW.plus_ms(from)),
            ends_at: NOW.plus_ms(to),
            comment: String::new(),
        };
        let id = SilenceId(Uuid::from_u128(7));
        plan.add_silence(id, &silence, Scope::All);
        let holding = plan.holding(&alert(1, on, true), &[], NOW);
        let place = format!("{condition} from {from} to {to} on {on}");
        assert_eq!(holding.silenced_by.contains(&id), holds, "{place}");
        assert_eq!(holding.until, holds.then_some(NOW.plus_ms(to)), "{place}");
    }
}

/// Who wrote it is limited to the group web; which group the server of the alert is in.
#[test]
fn who_is_limited_to_groups_holds_back_nothing_of_other_servers() {
    let limited = Scope::of(&["web".to_owned()]);
    for (on, holds) in [
        ("server=s,group=web", true),
        ("server=s,group=db", false),
        ("server=s", false),
    ] {
        let mut plan = Plan::default();
        let silence = SilenceInput {
            matchers: matchers("server=s"),
            starts_at: Some(NOW),
            ends_at: NOW.plus_ms(1),
            comment: String::new(),
        };
        plan.add_silence(SilenceId(Uuid::nil()), &silence, limited.clone());
        let window = r#"{"name":"a","matchers":"server=s","schedule":{"kind":"once","starts_at":0,"ends_at":1800000000000}}"#;
        let window: WindowInput = serde_json::from_str(window).unwrap();
        plan.add_window(WindowId(Uuid::nil()), &window, limited.clone());
        let subject = alert(1, on, true);
        let holding = plan.holding(&subject, &[], NOW);
        let by = (holding.silenced_by.len(), holding.muted_by.len());
        assert_eq!(by, (usize::from(holds), usize::from(holds)), "{on}");
        assert_eq!(plan.is_silenced(&subject, NOW), holds, "{on}");
    }
}

#[test]
fn several_silences_hold_until_the_last_one_ends() {
    let mut plan = Plan::default();
    for (id, to) in [(1, 5_000), (2, 60_000), (3, 1_000)] {
        let silence = SilenceInput {
            matchers: matchers("a=b"),
            starts_at: Some(NOW),
            ends_at: NOW.plus_ms(to),
            comment: String::new(),
        };
        plan.add_silence(SilenceId(Uuid::from_u128(id)), &silence, Scope::All);
    }
    let holding = plan.holding(&alert(1, "a=b", true), &[], NOW);
    assert_eq!(holding.silenced_by.len(), 3);
    assert_eq!(holding.until, Some(NOW.plus_ms(60_000)));
}

#[test]
fn windows_hold_back_while_they_are_open() {
    for (window, holds) in [
        (
            r#"{"name":"a","schedule":{"kind":"once","starts_at":1789999999999,"ends_at":1790000000001}}"#,
            true,
        ),
        (
            r#"{"name":"a","schedule":{"kind":"once","starts_at":1789999999999,"ends_at":1790000000000}}"#,
            false,
        ),
        (
            r#"{"name":"a","matchers":"server=db","schedule":{"kind":"once","starts_at":0,"ends_at":1800000000000}}"#,
            false,
        ),
        (
            r#"{"name":"a","enabled":false,"schedule":{"kind":"once","starts_at":0,"ends_at":1800000000000}}"#,
            false,
        ),
        // It is Monday, 2026-09-21, 14:13 in UTC and 16:13 in Berlin.
        (
            r#"{"name":"a","schedule":{"kind":"recurring","intervals":[{"weekdays":["monday"],"times":[{"start_time":"16:00","end_time":"17:00"}],"time_zone":"Europe/Berlin"}]}}"#,
            true,
        ),
        (
            r#"{"name":"a","schedule":{"kind":"recurring","intervals":[{"weekdays":["monday"],"times":[{"start_time":"16:00","end_time":"17:00"}]}]}}"#,
            false,
        ),
        (
            r#"{"name":"a","schedule":{"kind":"recurring","intervals":[{"days_of_month":["21"]},{"months":["june"]}]}}"#,
            true,
        ),
    ] {
        let mut plan = Plan::default();
        let input: WindowInput = serde_json::from_str(window).unwrap();
        let id = WindowId(Uuid::from_u128(3));
        plan.add_window(id, &input, Scope::All);
        let subject = alert(1, "server=web", true);
        let holding = plan.holding(&subject, &[], NOW);
        assert_eq!(holding.muted_by == [id], holds, "{window}");
        assert_eq!(plan.is_silenced(&subject, NOW), holds, "{window}");
    }
}

/// Rules as (source, target), equal labels; firing alerts; the target; whether it is held back.
type Case<'a> = (
    &'a [(&'a str, &'a str)],
    &'a [&'a str],
    &'a [&'a str],
    &'a str,
    bool,
);

/// `TestInhibitRuleHasEqual`, `TestInhibitRuleMatches`, `TestInhibitRuleMatchers` and `TestInhibit`.
#[test]
fn inhibitions_are_those_of_alertmanager() {
    let two: &[(&str, &str)] = &[("s1=1", "t1=1"), ("s2=1", "t2=1")];
    let unlike: &[(&str, &str)] = &[("s1=1", "t1!=1"), ("s2=1", "t2=1")];
    let sources: &[&str] = &["s1=1,t1=2,e=1", "s2=1,t2=1,e=1"];
    let any: &[(&str, &str)] = &[("", "")];
    let cases: &[Case] = &[
        (any, &["a", "b"], &[], "a=b,b=c", false),
        (&[("s=1", "a=b")], &[], &["s=1"], "a=b", true),
        (&[("s=1", "a=b")], &["a"], &["s=1,a=b,c=f"], "a=b", true),
        (&[("s=1", "a=b")], &["a"], &["s=1,a=c,c=f"], "a=b", false),
        (&[("s=1", "t=1")], &["e"], &["s=1"], "t=1", true),
        (two, &["e"], sources, "t1=1,e=1", true),
        (two, &["e"], sources, "t2=1,e=1", true),
        (two, &["e"], sources, "t1=1,t3=1,e=1", true),
        (two, &["e"], sources, "t1=1,t2=1,e=1", true),
        (two, &["e"], sources, "t1=0,e=1", false),
        (two, &["e"], sources, "s1=1,t1=1,e=1", true),
        (two, &["e"], sources, "s2=1,t2=1,e=1", false),
        (two, &["e"], sources, "t1=1,e=0", false),
        (unlike, &["e"], sources, "t1=1,e=1", false),
        (unlike, &["e"], sources, "t2=1,e=1", true),
        (unlike, &["e"], sources, "t1=1,t3=1,e=1", false),
        (unlike, &["e"], sources, "t1=1,t2=1,e=1", true),
        (unlike, &["e"], sources, "t1=0,e=1", true),
        (unlike, &["e"], sources, "s1=1,t1=1,e=1", false),
        (unlike, &["e"], sources, "s2=1,t2=1,e=1", true),
        (unlike, &["e"], sources, "t1=1,e=0", false),
        (&[("s=1", "t=1")], &["e"], &["t=1,e=f"], "t=1,e=f", false),
        (
            &[("s=1", "t=1")],
            &["e"],
            &["t=1,e=f", "s=1,e=f"],
            "t=1,e=f",
            true,
        ),
        (
            &[("s=1", "t=1")],
            &["e"],
            &["t=1,e=f", "s=1,e=f"],
            "s=1,e=f",
            false,
        ),
    ];
    for (rules, equal, firing, target, holds) in cases {
        let mut plan = Plan::default();
        for (source, target) in *rules {
            plan.add_inhibition(&inhibition(source, target, equal));
        }
        let firing: Vec<Subject> = (10..)
            .zip(*firing)
            .map(|(id, it)| alert(id, it, true))
            .collect();
        let holding = plan.holding(&alert(1, target, true), &firing, NOW);
        assert_eq!(
            !holding.inhibited_by.is_empty(),
            *holds,
            "{rules:?} {equal:?} on {target}"
        );
    }
}

#[test]
fn what_does_not_fire_or_is_switched_off_holds_nothing_back() {
    let rule = inhibition("s=1", "t=1", &[]);
    let mut plan = Plan::default();
    plan.add_inhibition(&rule);
    let resolved = [alert(2, "s=1", false)];
    assert!(
        plan.holding(&alert(1, "t=1", true), &resolved, NOW)
            .is_none()
    );
    let mut off = Plan::default();
    off.add_inhibition(&InhibitionInput {
        enabled: false,
        ..rule
    });
    let firing = [alert(2, "s=1", true)];
    assert!(off.holding(&alert(1, "t=1", true), &firing, NOW).is_none());
}

#[test]
fn a_server_that_does_not_report_holds_back_its_other_alerts() {
    let of = |id, server: u128, is_unreachable, fires| Subject {
        server: Some(ServerId(Uuid::from_u128(server))),
        is_unreachable,
        ..alert(id, "", fires)
    };
    for (source, target, holds) in [
        (of(1, 1, true, true), of(2, 1, false, true), true),
        (of(1, 1, true, true), of(2, 2, false, true), false),
        (of(1, 1, true, false), of(2, 1, false, true), false),
        (of(1, 1, false, true), of(2, 1, false, true), false),
        (of(1, 1, true, true), of(2, 1, true, true), false),
        (of(1, 1, true, true), of(1, 1, true, true), false),
    ] {
        let holding = Plan::default().holding(&target, std::slice::from_ref(&source), NOW);
        let by = if holds { vec![source.id] } else { Vec::new() };
        assert_eq!(holding.inhibited_by, by, "{source:?} {target:?}");
    }
}
