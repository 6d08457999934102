//! What goes to the store of pages that come one after the other, and when none comes any more.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::*;
use crate::collect::scrape::job::jobs;
use crate::config::egress::EgressConfig;
use crate::egress::Reach;

/// Keeps what is delivered, and refuses what has a metric of that name.
#[derive(Default)]
struct Store(Mutex<Vec<Delivery>>);

impl Deliver for Store {
    fn deliver(&self, delivery: Delivery) -> BoxFuture<'_, Result<(), String>> {
        let is_refused = delivery.samples.iter().any(|it| &*it.metric == "refused");
        let answer = if is_refused {
            Err("too many series".to_owned())
        } else {
            self.0.lock().unwrap().push(delivery);
            Ok(())
        };
        std::future::ready(answer).boxed()
    }
}

/// A listener that says each page once, then is gone.
fn exporter(pages: &'static [&'static str]) -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let said = std::thread::spawn(move || {
        for page in pages {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                asked.extend(byte);
            }
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
            stream
                .write_all(format!("{head}{page}").as_bytes())
                .unwrap();
        }
    });
    (address, said)
}

fn round(address: &str, store: &Arc<Store>) -> Round {
    let config = format!("[[jobs]]\nname = 'node'\ntargets = ['{address}']");
    let job = jobs(toml::from_str(&config).unwrap(), 100)
        .unwrap()
        .remove(0);
    let egress = Reach::targets(&EgressConfig {
        targets_allow: vec!["127.0.0.1".parse().unwrap()],
        ..EgressConfig::default()
    });
    Round {
        target: Target::new(&job, address, &std::collections::BTreeMap::new())
            .unwrap()
            .unwrap(),
        job: Arc::new(job),
        connections: Arc::new(Connections::new(egress)),
        clock: Clock::system(),
        deliver: Arc::clone(store) as Arc<dyn Deliver>,
        memory: Memory::default(),
    }
}

/// What was delivered since the last look: metrics with their values, `end` for an end; those about
/// the scrape but `up` and `scrape_series_added` left out.
fn delivered(store: &Store) -> Vec<String> {
    let mut said = Vec::new();
    for delivery in store.0.lock().unwrap().drain(..) {
        for sample in delivery.samples {
            let is_about = sample.metric.starts_with("scrape_");
            if is_about && &*sample.metric != "scrape_series_added" {
                continue;
            }
            let is_end = sample.value.to_bits() == common::series::STALE.to_bits();
            let value = if is_end {
                "end".to_owned()
            } else {
                sample.value.to_string()
            };
            said.push(format!("{} {value}", sample.metric));
        }
    }
    said.sort();
    said
}

#[tokio::test]
async fn a_page_ends_what_it_does_not_say_and_none_ends_all() {
    let (address, gone) = exporter(&[
        "a 1\nb 1",
        "b 2\nc 2",
        "b 3\n<html>",
        "b 4",
        "b 5\nrefused 5",
        "b 6",
    ]);
    let store = Arc::new(Store::default());
    let mut round = round(&address, &store);
    for (expected, error) in [
        (&["a 1", "b 1", "scrape_series_added 2", "up 1"][..], ""),
        (
            &["a end", "b 2", "c 2", "scrape_series_added 1", "up 1"],
            "",
        ),
        (
            &["b end", "c end", "scrape_series_added 0", "up 0"],
            "line 2",
        ),
        (&["b 4", "scrape_series_added 1", "up 1"], ""),
        (
            &["b end", "scrape_series_added 0", "up 0"],
            "too many series",
        ),
        (&["b 6", "scrape_series_added 1", "up 1"], ""),
    ] {
        let last = round.scrape().await;
        let said = last.error.unwrap_or_default();
        assert_eq!(said.is_empty(), error.is_empty(), "{said}");
        assert!(said.contains(error), "{said}");
        assert_eq!(delivered(&store), expected);
    }
    gone.join().unwrap();
    assert!(
        round
            .scrape()
            .await
            .error
            .unwrap()
            .contains("cannot connect")
    );
    assert_eq!(
        delivered(&store),
        ["b end", "scrape_series_added 0", "up 0"]
    );
    round.scrape().await;
    assert_eq!(delivered(&store), ["scrape_series_added 0", "up 0"]);
    round.end().await;
    assert_eq!(delivered(&store), ["scrape_series_added end", "up end"]);
}
