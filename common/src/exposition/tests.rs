//! Which lines are read as what, which are refused and why, in both formats.

use super::*;
use crate::series::notation;
use crate::time::UnixMs;
use proptest::prelude::*;
use std::fmt::Write;

/// What each line says, written shortly; or its number and what is wrong.
fn said(format: Format, text: &str) -> Vec<String> {
    let each = lines(format, text.as_bytes()).map(|(number, line)| match line {
        Ok(Line::Sample(sample)) => {
            let mut name = String::new();
            let labels = sample.labels.iter().map(|(n, v)| (*n, v.as_ref()));
            notation::write(&mut name, sample.metric, labels);
            let at = sample.at.map_or(String::new(), |at| format!(" @{}", at.0));
            format!("{name} {}{at}", sample.value)
        }
        Ok(Line::Help { metric, text }) => format!("help {metric}: {text}"),
        Ok(Line::Type { metric, kind }) => format!("type {metric}: {}", kind.word()),
        Ok(Line::Unit { metric, unit }) => format!("unit {metric}: {unit}"),
        Err(fault) => format!("{number}: {fault}"),
    });
    each.collect()
}

#[test]
fn the_text_format_is_read_line_by_line() {
    for (text, expected) in [
        ("", &[][..]),
        ("\n# a comment\n#\n \t\r\n", &[]),
        ("up 1", &["up 1"]),
        (
            " up{a=\"b\"}\t2.5e3  1700000000001 \r\n",
            &["up{a=\"b\"} 2500 @1700000000001"],
        ),
        ("up -1 -5", &["up -1 @-5"]),
        (
            "a NaN\nb +Inf\nc -Inf\nd 0",
            &["a NaN", "b inf", "c -inf", "d 0"],
        ),
        (
            "# HELP up Is it?\\n\\\\ \\\"yes\\\"\n# TYPE up gauge\n# UNIT up seconds\nup 1",
            &["help up: Is it?\n\\ \\\"yes\\\"", "type up: gauge", "up 1"],
        ),
        (
            "# HELP up\n# TYPE up untyped",
            &["help up: ", "type up: unknown"],
        ),
        (
            "# TYPE a counter\na_created 5\n# EOF\nb 1",
            &["type a: counter", "a_created 5", "b 1"],
        ),
    ] {
        assert_eq!(said(Format::Text, text), expected, "{text}");
    }
}

#[test]
fn openmetrics_is_read_line_by_line() {
    for (text, expected) in [
        ("# EOF", &[][..]),
        ("# EOF\n", &[]),
        ("up 1 1700000000.0015\n# EOF\n", &["up 1 @1700000000002"]),
        ("up 1 1.7e9\n# EOF", &["up 1 @1700000000000"]),
        (
            "# TYPE a counter\n# UNIT a seconds\n# HELP a One \\\"two\\\".\na_total 1 # {id=\"7\"} 0.5 1.5\n\
             a_created 1.7e9\na_bucket{le=\"1\"} 2 3 # {} 1\n# EOF\n",
            &[
                "type a: counter",
                "unit a: seconds",
                "help a: One \"two\".",
                "a_total 1",
                "a_bucket{le=\"1\"} 2 @3000",
            ],
        ),
        (
            "# TYPE a gauge\na_created 5\n# EOF",
            &["type a: gauge", "a_created 5"],
        ),
        (
            "# TYPE a info\n# TYPE b stateset\n# TYPE c gaugehistogram\n# EOF",
            &["type a: info", "type b: stateset", "type c: gaugehistogram"],
        ),
    ] {
        assert_eq!(said(Format::OpenMetrics, text), expected, "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (format, line, says) in [
        (Format::Text, "{a=\"1\"} 1", "name of a metric is missing"),
        (Format::Text, "up{a=\"1} 1", "do not end"),
        (Format::Text, "up{a=\"1\"}", "value is missing"),
        (Format::Text, "<html>", "value is missing"),
        (Format::Text, "up one", "not a number"),
        (Format::Text, "up 1 1.5", "whole number of milliseconds"),
        (Format::Text, "up 1 2 3", "after the time"),
        (Format::Text, "up 1 2 # {} 1", "after the time"),
        (Format::Text, "# TYPE up thermometer", "# TYPE"),
        (Format::Text, "# TYPE up info", "# TYPE"),
        (Format::Text, "# TYPE up", "# TYPE"),
        (Format::Text, "# TYPE up gauge or so", "# TYPE"),
        (Format::Text, "# HELP", "# HELP"),
        (Format::Text, "# HELP 2up", "# HELP"),
        (Format::OpenMetrics, "up 1 today", "seconds"),
        (Format::OpenMetrics, "up 1 NaN", "seconds"),
        (Format::OpenMetrics, "up 1 1e300", "seconds"),
        (Format::OpenMetrics, "up 1 # trace", "after `#`"),
        (Format::OpenMetrics, "up 1 # {a=\"b\"}", "after `#`"),
        (Format::OpenMetrics, "up 1 # {a=\"b\"} 1 2 3", "after `#`"),
        (Format::OpenMetrics, "up 1 2 3", "after the time"),
        (Format::OpenMetrics, "# TYPE up untyped", "# TYPE"),
        (Format::OpenMetrics, "# UNIT", "# UNIT"),
    ] {
        let said = said(format, &format!("a 1\n\n{line}\nb 2\n# EOF"));
        assert!(
            said[1].starts_with("3: ") && said[1].contains(says),
            "{line}: {said:?}"
        );
        assert_eq!((said.len(), said[2].as_str()), (3, "b 2"), "{line}");
    }
    for (text, expected) in [
        ("a 1\n", "2: OpenMetrics has to end"),
        ("a 1", "1: OpenMetrics has to end"),
        ("# EOF\na 1\n", "2: something stands after `# EOF`"),
        ("# EOF\n# EOF", "2: something stands after `# EOF`"),
    ] {
        let said = said(Format::OpenMetrics, text);
        assert!(
            said.last().unwrap().starts_with(expected),
            "{text}: {said:?}"
        );
    }
    let not_utf8 = lines(Format::Text, b"a 1\nb{c=\"\xff\"} 2").last().unwrap();
    assert_eq!(not_utf8, (2, Err(LineFault::NotUtf8)));
}

#[test]
fn the_content_type_names_the_format() {
    for (content_type, format) in [
        ("", Format::Text),
        ("text/plain; version=0.0.4; charset=utf-8", Format::Text),
        ("text/html", Format::Text),
        (
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Format::OpenMetrics,
        ),
        ("Application/OpenMetrics-Text", Format::OpenMetrics),
    ] {
        assert_eq!(Format::of(content_type), format, "{content_type}");
    }
}

type Row = (String, Vec<(String, String)>, f64, Option<i64>);

fn any_row() -> impl Strategy<Value = Row> {
    let label = ("[a-z_][a-z0-9_]{0,5}", "\\PC{0,8}|[\"\\\\\n{},=# ]{0,6}");
    let value = prop_oneof![
        any::<f64>(),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
    ];
    let at = prop::option::of(-4_000_000_000_000_i64..4_000_000_000_000);
    (
        "[a-zA-Z_:][a-z0-9_:]{0,8}",
        prop::collection::vec(label, 0..4),
        value,
        at,
    )
}

fn printed(format: Format, rows: &[Row]) -> String {
    let mut text = String::new();
    for (metric, labels, value, at) in rows {
        let labels = labels.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        notation::write(&mut text, metric, labels);
        write!(text, " {value}").unwrap();
        match (at, format) {
            (Some(at), Format::Text) => write!(text, " {at}").unwrap(),
            (Some(at), Format::OpenMetrics) => {
                let sign = if *at < 0 { "-" } else { "" };
                let at = at.unsigned_abs();
                write!(text, " {sign}{}.{:03}", at / 1_000, at % 1_000).unwrap();
            }
            (None, _) => {}
        }
        text.push('\n');
    }
    text + "# EOF\n"
}

proptest! {
    #[test]
    fn any_printed_exposition_comes_back(rows in prop::collection::vec(any_row(), 0..8)) {
        for format in [Format::Text, Format::OpenMetrics] {
            let text = printed(format, &rows);
            let read: Vec<_> = lines(format, text.as_bytes()).collect();
            prop_assert_eq!(read.len(), rows.len());
            for ((_, line), (metric, labels, value, at)) in read.into_iter().zip(&rows) {
                let Ok(Line::Sample(sample)) = line else {
                    return Err(TestCaseError::fail(format!("{line:?}")));
                };
                let given = sample.labels.iter().map(|(n, v)| ((*n).to_owned(), v.to_string()));
                prop_assert_eq!(sample.metric, metric);
                prop_assert_eq!(&given.collect::<Vec<_>>(), labels);
                let is_same = sample.value.to_bits() == value.to_bits();
                prop_assert!(is_same || sample.value.is_nan() && value.is_nan());
                prop_assert_eq!(sample.at, at.map(UnixMs));
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for format in [Format::Text, Format::OpenMetrics] {
            prop_assert!(lines(format, &bytes).count() <= bytes.len() + 1);
        }
    }

    #[test]
    fn anything_like_lines_is_read_or_refused(
        text in "((# (HELP|TYPE|UNIT|EOF) )?(up|a)?[{]?[a-z\"=,\\\\ 0-9}]{0,20}( #)?( [0-9.eEinfNa+-]{0,8}){0,3}\n){0,4}"
    ) {
        for format in [Format::Text, Format::OpenMetrics] {
            prop_assert!(lines(format, text.as_bytes()).count() <= text.len() + 1);
        }
    }
}
