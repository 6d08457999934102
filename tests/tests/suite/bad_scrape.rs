//! Exporters that mean harm: what they say is refused whole, and told at their target.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tests::exporter::{Exporter, Reply};
use tests::server::TestServer;

use crate::custom::series;
use crate::scrape::{names, scraping, until, until_value};

crate::on_both!(what_means_harm_is_refused_whole_and_told);

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A page with a series that must never be stored, before what is wrong.
fn bad(rest: &str) -> Reply {
    Reply::page(format!("never_stored 1\n{rest}\n"))
}

async fn what_means_harm_is_refused_whole_and_told() {
    let exporter = Exporter::start().unwrap();
    let redirect = |to: &str| {
        let headers = format!("location: {to}\r\n");
        Reply::Http("302 Found".to_owned(), headers, Vec::new())
    };
    // With what is said about the scrape they are more than a server may have, however many it has.
    let numbered: Vec<String> = (0..1_998).map(|n| format!("never_{n} 1\n")).collect();
    let numbered = numbered.concat();
    let bomb = packed(&b"never_stored 1\n".repeat(2_000_000));
    let gzip = "content-type: text/plain\r\ncontent-encoding: gzip\r\n".to_owned();
    let openmetrics = "application/openmetrics-text; version=1.0.0";
    let rows: Vec<(&str, &str, Reply, &str)> = vec![
        (
            "hangs",
            "timeout_seconds=1",
            Reply::Hang,
            "no whole answer within 1 s",
        ),
        (
            "nonsense",
            "",
            Reply::page(vec![b'x'; 5_000_000]),
            "line 1: the value is missing",
        ),
        (
            "long nonsense",
            "body_size_limit=1000000",
            Reply::page(vec![b'x'; 5_000_000]),
            "more than 1000000 bytes",
        ),
        (
            "no HTTP",
            "",
            Reply::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
            "cannot be read",
        ),
        (
            "binary",
            "",
            bad("a{b=\"\u{0}\"} 1"),
            "line 2: the value of the label `b`",
        ),
        (
            "redirects",
            "",
            redirect("http://169.254.169.254/latest/meta-data?token=s3cret"),
            "redirected to http://169.254.169.254",
        ),
        ("circles", "", redirect("/circles"), "redirected more than"),
        (
            "fails",
            "",
            Reply::Http("500 Oops".to_owned(), String::new(), Vec::new()),
            "HTTP status 500",
        ),
        (
            "bomb",
            "",
            Reply::Http("200 OK".to_owned(), gzip, bomb),
            "more than 16777216 bytes",
        ),
        (
            "changes type",
            "",
            Reply::Turns(vec![
                Reply::page("# TYPE changing gauge\nchanging 1\n"),
                Reply::page("# TYPE changing counter\nchanging 666\n"),
            ]),
            "the type of changing was",
        ),
        (
            "repeats",
            "",
            bad("a{b=\"1\"} 1\na{b=\"1\"} 2"),
            "line 3: the series a{b=\"1\"",
        ),
        (
            "broken line",
            "",
            bad("a{b=\"1} 1"),
            "line 2: the labels do not end",
        ),
        (
            "cut off",
            "",
            Reply::typed(openmetrics, "never_stored 1\n"),
            "has to end with the line `# EOF`",
        ),
        (
            "many",
            "sample_limit=3",
            bad("a 1\nb 1\nc 1"),
            "line 4: more than 3 samples",
        ),
        (
            "long label",
            "label_value_length_limit=30",
            bad(&format!("a{{b=\"{}\"}} 1", "x".repeat(31))),
            "line 2: more than 30 bytes in the value",
        ),
        (
            "fills the server",
            "",
            Reply::page(numbered),
            "more than its limit of 2000",
        ),
    ];
    let path = |name: &str| format!("/{}", name.replace(' ', "_"));
    let mut jobs = vec![format!("name=\"good\",targets=[\"{}\"]", exporter.address)];
    exporter.set("/metrics", Reply::page("well_said 7\n"));
    for (name, settings, reply, _) in &rows {
        exporter.set(&path(name), reply.clone());
        let (address, path) = (&exporter.address, path(name));
        let separator = if settings.is_empty() { "" } else { "," };
        jobs.push(format!(
            "name=\"{name}\",targets=[\"{address}\"],metrics_path=\"{path}\"{separator}{settings}"
        ));
    }
    let few = scraping(&jobs).with_env("WATCHPOST_METRICS__MAX_SERIES_PER_SERVER", "2000");
    let server = few.start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    for (name, _, _, says) in &rows {
        let target = until(&admin, name, "down", says).await;
        assert!(target["failures"].as_u64().unwrap() > 0, "{target:#}");
        assert!(!target.to_string().contains("s3cret"), "{target:#}");
        until_value(&admin, "up", name, 0.0).await;
    }
    // Nobody kept it from being scraped.
    until(&admin, "good", "up", "").await;
    until_value(&admin, "well_said", "good", 7.0).await;
    let stored = names(&admin).await;
    let never = stored.iter().find(|name| name.starts_with("never"));
    assert_eq!(never, None);
    for one in series(&admin, "changing").await {
        let mut points = one["points"].as_array().unwrap().iter();
        assert!(points.all(|point| point[1] != 666.0), "{one:#}");
    }
}

#[tokio::test]
async fn what_is_near_or_unknown_is_refused_with_what_to_do() {
    let jobs = [
        "{name=\"near\",interval_seconds=1,targets=[\"localhost:9\"]}",
        "{name=\"metadata\",interval_seconds=1,targets=[\"169.254.169.254\"]}",
        "{name=\"nobody\",interval_seconds=1,server=\"no such server\",targets=[\"127.0.0.1:9\"]}",
    ];
    let server = TestServer::builder()
        .with_env("WATCHPOST_SCRAPE__JOBS", &format!("[{}]", jobs.join(",")))
        .start();
    let server = server.await.unwrap();
    let admin = server.login("admin").await.unwrap();
    until(&admin, "near", "down", "egress.targets_allow").await;
    until(&admin, "metadata", "down", "egress.targets_allow").await;
    let target = until(&admin, "nobody", "down", "").await;
    assert!(target["server"].is_null() && target["server_name"] == "no such server");
    until_value(&admin, "up", "near", 0.0).await;
}
