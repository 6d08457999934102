//! Questions that would explode end early, with a reason.

use std::fmt::Write;

use super::memory::{LIMITS, Memory};
use crate::query::Limits;
use crate::query::promql::question::MAX_STEPS;
use crate::query::promql::slabs::SLAB_SAMPLES;
use crate::query::promql::{At, ErrorKind, EvaluateError, Expression, LabelSet, Value};

const DOCUMENTED: &str = include_str!("../../../../../docs/promql.md");

fn hosts(count: usize) -> Memory {
    let mut memory = Memory::default();
    for host in 0..count {
        let labels = [("__name__", "load"), ("host", &host.to_string())];
        memory.add(&LabelSet::of(labels), &[(0, 1.0), (60_000, 2.0)]);
    }
    memory
}

#[test]
fn what_is_too_deep_or_too_long_is_refused() {
    let nested = |depth: usize| format!("{}up{}", "(".repeat(depth), ")".repeat(depth));
    let calls = |depth: usize| format!("{}up{}", "abs(".repeat(depth), ")".repeat(depth));
    let chain = |length: usize, sign: &str| vec!["up"; length].join(sign);
    for (text, is_read) in [
        (nested(10_000), false),
        (nested(201), false),
        (nested(150), true),
        (calls(10_000), false),
        (calls(150), true),
        (format!("{}up", "-".repeat(10_000)), false),
        (chain(100, " + "), true),
        (chain(10_000, " + "), false),
        (chain(10_000, " or "), false),
        (chain(500, "^"), false),
        ("[".repeat(10_000), false),
        ("up{".repeat(10_000), false),
        (format!("\"{}\"", "x".repeat(70_000)), false),
    ] {
        let read = Expression::parse(&text);
        let start = &text[..text.len().min(20)];
        assert_eq!(read.is_ok(), is_read, "{start}… {:?}", read.err());
    }
    let memory = hosts(1);
    let aggregations = format!("{}load{}", "sum(".repeat(190), ")".repeat(190));
    for text in [
        vec!["load"; 190].join(" + "),
        vec!["load"; 190].join(" or "),
        aggregations,
    ] {
        let Value::Vector(found) = memory.ask(&text, At::Instant(60_000)).unwrap().value else {
            panic!("no vector");
        };
        assert_eq!(found.len(), 1, "{text}");
    }
    let deep = hosts(1).ask(&calls(150).replace("up", "load"), At::Instant(60_000));
    assert!(matches!(deep.unwrap().value, Value::Vector(found) if found.len() == 1));
}

#[test]
fn limits_are_those_that_are_documented() {
    let said = |text: &str| Expression::parse(text).err().map(|error| error.message);
    let spaced = |length: usize| format!("up{}", " ".repeat(length - 2));
    let nested = |depth: usize| format!("{}up{}", "(".repeat(depth), ")".repeat(depth));
    let signs = |count: usize| vec!["up"; count + 1].join(" > ");
    let matching = |count: usize| format!("up{{{}}}", vec!["a=~\"x\""; count].join(","));
    for (row, text, beyond, refused) in [
        (
            "length of an expression | 64 KiB",
            spaced(64 << 10),
            spaced((64 << 10) + 1),
            "longer than",
        ),
        (
            "brackets in each other, expressions in each other | 200",
            nested(200),
            nested(201),
            "more than 200 brackets",
        ),
        (
            "operators, patterns in an expression | 1,000, 50",
            signs(1_000),
            signs(1_001),
            "more than 1000 operators",
        ),
        (
            "operators, patterns in an expression | 1,000, 50",
            matching(50),
            matching(51),
            "more than 50 patterns",
        ),
    ] {
        assert!(DOCUMENTED.contains(row), "docs/promql.md lacks {row}");
        let within = said(&text).unwrap_or_default();
        assert!(!within.contains(refused), "{row}: {within}");
        let beyond = said(&beyond).unwrap_or_default();
        assert!(beyond.contains(refused), "{row}: {beyond}");
    }
    let documented = DOCUMENTED.replace(',', "");
    for row in [
        format!("points of a series | {MAX_STEPS}"),
        format!("as many as samples at least {MAX_STEPS}"),
        format!("samples that are held at once | {SLAB_SAMPLES} or"),
    ] {
        assert!(documented.contains(&row), "docs/promql.md lacks {row}");
    }
}

#[test]
fn patterns_that_hurt_are_refused() {
    let mut many = String::from("up{a=~\"x\"");
    for _ in 0..100 {
        write!(many, ",a=~\"x\"").unwrap();
    }
    many.push('}');
    for text in [
        r#"up{a=~"((a{100}){100}){100}"}"#,
        r#"up{a=~"(\\w{1000}){1000}"}"#,
        r#"up{a=~"("}"#,
        many.as_str(),
    ] {
        assert!(Expression::parse(text).is_err(), "{text}");
    }
    let text = r#"label_replace(load, "a", "$1", "host", "((a{100}){100}){100}")"#;
    let error = hosts(1).ask(text, At::Instant(60_000)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Execution);
}

#[test]
fn questions_keep_to_the_limits() {
    let memory = hosts(50);
    let few_samples = Limits {
        max_samples: 20,
        ..LIMITS
    };
    let few_series = Limits {
        max_series: 20,
        ..LIMITS
    };
    let instant = At::Instant(60_000);
    let range = |count: i64| At::Range {
        start_ms: 0,
        end_ms: count,
        step_ms: 1,
    };
    for (text, at, limits, kind) in [
        ("load", instant, few_samples, ErrorKind::Execution),
        ("load", instant, few_series, ErrorKind::Execution),
        ("load", range(11_001), LIMITS, ErrorKind::BadData),
        (
            "sum_over_time(load[100y:1ms])",
            instant,
            LIMITS,
            ErrorKind::Execution,
        ),
        (
            "count_over_time(vector(time())[10d:1ms])",
            instant,
            LIMITS,
            ErrorKind::Execution,
        ),
        ("load[1m]", range(10), LIMITS, ErrorKind::BadData),
        (
            "load * on() group_left() load",
            instant,
            LIMITS,
            ErrorKind::Execution,
        ),
    ] {
        let error = memory.ask_within(text, at, limits).unwrap_err();
        assert_eq!(error.kind(), kind, "{text}: {error}");
    }
}

#[test]
fn times_are_those_of_an_answer() {
    let memory = hosts(50);
    let range = |count: i64| At::Range {
        start_ms: 0,
        end_ms: count,
        step_ms: 1,
    };
    assert!(memory.ask("load", range(11_000)).is_ok());
    let error = memory.ask("load", range(11_001)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query \
         resolution (?step=XX)"
    );
    for (at, wrong) in [
        (
            At::Range {
                start_ms: 1,
                end_ms: 0,
                step_ms: 1,
            },
            "end timestamp",
        ),
        (
            At::Range {
                start_ms: 0,
                end_ms: 1,
                step_ms: 0,
            },
            "zero or negative",
        ),
        (At::Instant(i64::MAX), "the time"),
    ] {
        let error: EvaluateError = memory.ask("load", at).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadData);
        assert!(error.to_string().starts_with(wrong), "{error}");
    }
}
