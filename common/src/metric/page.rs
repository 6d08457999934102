//! `docs/metrics.md` is the catalogue as a page; it is compared here, and written when asked to.

use super::{CATALOGUE, Category, Metric, MetricKind};
use std::fmt::Write;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/metrics.md");

/// Set it to write the page instead of comparing it.
const WRITE: &str = "WATCHPOST_WRITE_DOCS";

const HEAD: &str = "\
# Metrics

What Watchpost reads of a machine. This page is made from the catalogue; `GET /api/v1/metrics/catalog` gives the same to programs.

Where the node exporter has a metric, name, labels and meaning are its own, so that dashboards and rules written for it work. The
readings that begin with `host_` are for thresholds. A reading that a machine does not give is absent, never 0.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for (category, title) in [
        (Category::System, "System"),
        (Category::Process, "Processes, units and containers"),
        (Category::Network, "Network"),
        (Category::Disk, "Disks"),
        (Category::Custom, "Custom"),
    ] {
        let mut metrics: Vec<&Metric> = CATALOGUE
            .iter()
            .filter(|metric| metric.category == category)
            .collect();
        if metrics.is_empty() {
            continue;
        }
        metrics.sort_by_key(|metric| metric.name);
        write!(
            page,
            "\n## {title}\n\n| metric | labels | unit | kind | meaning |\n|---|---|---|---|---|\n"
        )
        .unwrap();
        for metric in metrics {
            page.push_str(&row(metric));
        }
    }
    page
}

fn row(metric: &Metric) -> String {
    let kind = match metric.kind {
        MetricKind::Gauge => "gauge",
        MetricKind::Counter => "counter",
    };
    let labels: Vec<String> = metric.labels.iter().map(|it| format!("`{it}`")).collect();
    format!(
        "| `{}` | {} | {} | {kind} | {} |\n",
        metric.name,
        labels.join(", "),
        metric.unit.as_str(),
        metric.help
    )
}

#[test]
fn the_page_shows_the_catalogue() {
    let page = page();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(
        written == page,
        "docs/metrics.md is not the catalogue: {WRITE}=1 cargo nextest run -p common the_page_shows"
    );
}
