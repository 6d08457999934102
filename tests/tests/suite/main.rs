//! Behaviour of the real binary, in one test program: each module is one promise.
#![expect(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails; a walk or a table of cases is read in one piece"
)]

/// Runs tests of the form `async fn name()` with either engine of the databases.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name().await;
            })*
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                tests::server::on_postgres(super::$name()).await;
            })*
        }
    };
}
pub(crate) use on_both;

mod access;
mod alert_config;
mod alert_life;
mod alerts;
mod bad_input;
mod bad_prom_api;
mod bad_push;
mod bad_receivers;
mod bad_scrape;
mod browser;
mod channels;
mod crash;
mod custom;
mod damage;
mod db;
mod delivery_ledger;
mod escalation;
mod forward;
mod full_disk;
mod fuzz;
mod group_rules;
mod group_silences;
mod groups;
mod health;
mod jobs;
mod keys;
mod ledger;
mod links;
mod live;
mod login;
mod mail;
mod node_exporter;
mod noise;
mod otlp;
mod persons;
mod pipeline;
mod postgres;
mod prom_api;
mod promql;
mod providers;
mod queries;
mod readings;
mod remote_write;
mod rules;
mod scrape;
mod scrape_page;
mod startup;
mod storage;
mod tidy;
mod web_push;
