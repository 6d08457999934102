//! What is taken of a page, under which labels, and what makes all of it be refused.

use super::*;
use crate::collect::scrape::job::jobs;

fn page(more: &str, text: &str) -> Result<Page, PageFault> {
    let config = format!("[[jobs]]\nname = 'node'\n{more}");
    let job = jobs(toml::from_str(&config).unwrap(), 5).unwrap().remove(0);
    let target = Target::new(&job, "web:9100", &LabelMap::new())
        .unwrap()
        .unwrap();
    read(&job, &target, Format::Text, text.as_bytes())
}

fn series(page: &Page) -> Vec<String> {
    let each = page.samples.iter().map(|sample| {
        let at = sample.at.map_or(String::new(), |at| format!(" @{}", at.0));
        format!(
            "{}{{{}}} {}{at}",
            sample.metric, sample.labels, sample.value
        )
    });
    each.collect()
}

#[test]
fn values_get_the_labels_of_their_target() {
    for (more, text, expected) in [
        ("", "up 1", &[r#"up{instance="web:9100",job="node"} 1"#][..]),
        (
            "",
            "a{job=\"own\",exported_job=\"x\",b=\"\"} NaN 5",
            &[
                r#"a{exported_exported_job="own",exported_job="x",instance="web:9100",job="node"} NaN @5"#,
            ],
        ),
        (
            "honor_labels = true\nhonor_timestamps = false",
            "a{job=\"own\",instance=\"\"} 1 5",
            &[r#"a{instance="web:9100",job="own"} 1"#],
        ),
        (
            "metric_relabel = [\
             { action = 'drop', source_labels = ['__name__'], regex = 'go_.*' },\
             { source_labels = ['__name__'], regex = 'old', target_label = '__name__', replacement = 'new' }]",
            "go_info 1\nold 2",
            &[r#"new{instance="web:9100",job="node"} 2"#],
        ),
        (
            "",
            "a 1 5\na 1 6",
            &[
                r#"a{instance="web:9100",job="node"} 1 @5"#,
                r#"a{instance="web:9100",job="node"} 1 @6"#,
            ],
        ),
        (
            "sample_limit = 1\nmetric_relabel = [{ action = 'keep', source_labels = ['x'], regex = '1' }]",
            "a{x=\"1\"} 1\na{x=\"2\"} 1",
            &[r#"a{instance="web:9100",job="node",x="1"} 1"#],
        ),
    ] {
        assert_eq!(series(&page(more, text).unwrap()), expected, "{text}");
    }
}

#[test]
fn what_a_family_is_is_kept() {
    let page = page(
        "",
        "# HELP a What.\n# TYPE a counter\na 1\n# TYPE a counter\n",
    )
    .unwrap();
    let family = Family {
        kind: Some(FamilyKind::Counter),
        help: "What.".to_owned(),
        unit: String::new(),
    };
    assert_eq!(page.families, HashMap::from([("a".to_owned(), family)]));
}

#[test]
fn a_fault_refuses_the_whole_page_and_says_where() {
    for (more, text, says) in [
        ("", "a 1\n\n<html>\nb 1", "line 3: the value is missing"),
        (
            "",
            "a 1\nb 1\na 2",
            "line 3: the series a{instance=\"web:9100\",job=\"node\"} stands there already, in line 1",
        ),
        ("", "a{x=\"1\"} 1 5\na{x=\"1\"} 1 5", "line 2: the series"),
        (
            "metric_relabel = [{ action = 'labeldrop', regex = 'x' }]",
            "a{x=\"1\"} 1\na{x=\"2\"} 1",
            "stands there already",
        ),
        (
            "",
            "# TYPE a gauge\n# TYPE a counter",
            "line 2: the type of a was gauge and is counter",
        ),
        (
            "",
            "a 1\nb 1\nc 1\nd 1\ne 1\nf 1",
            "line 6: more than 5 samples (`metrics.max_series_per_server`)",
        ),
        (
            "sample_limit = 2",
            "a 1\nb 1\nc 1",
            "line 3: more than 2 samples (`sample_limit`)",
        ),
        (
            "label_limit = 3",
            "a 1\nb{x=\"1\"} 1",
            "line 2: more than 3 labels, the metric's name included, (`label_limit`)",
        ),
        (
            "label_name_length_limit = 8",
            "a{long_name=\"1\"} 1",
            "(`label_name_length_limit`)",
        ),
        (
            "label_value_length_limit = 8",
            "a{x=\"123456789\"} 1",
            "(`label_value_length_limit`)",
        ),
    ] {
        let said = page(more, text).unwrap_err().to_string();
        assert!(said.contains(says), "{text}: {said}");
    }
}
