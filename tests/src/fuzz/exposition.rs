//! Pages of exporters and pushes, in both formats; never where they come from.

use std::fmt::Write as _;

use backend::ingest::push::{Accepts, Gathering, Manner, read_text};
use common::exposition::{Format, Line, lines};
use common::time::UnixMs;

use super::Target;

/// Reads each input as a page in both formats, and as a push.
#[derive(Debug)]
pub(super) struct Pages;

impl Target for Pages {
    fn take(&mut self, input: &[u8]) -> String {
        let mut outcome = String::new();
        for format in [Format::Text, Format::OpenMetrics] {
            let mut before = 0;
            let (mut samples, mut first_fault) = (0_usize, String::new());
            for (number, line) in lines(format, input) {
                assert!(number >= before, "line {number} after {before}");
                before = number;
                match line {
                    Ok(Line::Sample(sample)) => {
                        assert!(!sample.metric.is_empty());
                        samples += 1;
                    }
                    Err(fault) if first_fault.is_empty() => first_fault = kind(&fault),
                    Ok(_) | Err(_) => {}
                }
            }
            let has_samples = samples > 0;
            // Writing to a string cannot fail.
            _ = write!(outcome, "{format:?} {has_samples} {first_fault} ");
        }
        let mut gathering = Gathering::new(Accepts {
            now: UnixMs(1_760_000_000_000),
            most_series: 1_000,
            retention_days: 30,
            is_sampled: true,
            manner: Manner::Custom,
        });
        read_text(input, &mut gathering);
        outcome
            + if gathering.done().is_ok() {
                "taken"
            } else {
                "refused"
            }
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "# TYPE a histogram\n",
            "# HELP a \\n\\\\ text\n",
            "# UNIT a seconds\n",
            "# EOF\n",
            "_bucket{le=\"+Inf\"} 1\n",
            "{a=\"\\\"\"}",
            " # {trace_id=\"x\"} 1 1.5",
            " 1760000000000",
            "\r\n",
        ]
    }
}

/// What a fault is called.
fn kind(fault: &impl std::fmt::Debug) -> String {
    let text = format!("{fault:?}");
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_owned()
}
