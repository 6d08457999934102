//! What a scrape brought: checked like what is pushed, stored whole or not at all, its metadata
//! remembered; never asked for here.

use std::borrow::Cow;

use common::exposition::FamilyKind;
use common::ids::ServerId;

use super::Ingest;
use super::metadata::{Metadata, MetadataBook};
use super::push::{Accepts, Gathering, Given, Manner, Place, PushError};
use crate::collect::scrape::{Delivery, Families, Scraped};

impl Ingest {
    /// Stores what a scrape of a server's exporter brought; done when it is durable. The server may
    /// not have more than `most_series` afterwards, unless it is only about the scrape.
    pub async fn scraped(
        &self,
        server: ServerId,
        delivery: &Delivery,
        most_series: usize,
        retention_days: u32,
    ) -> Result<(), PushError> {
        let most_series = if delivery.is_about_scrape {
            usize::MAX
        } else {
            most_series
        };
        let mut gathering = Gathering::new(Accepts {
            now: self.0.clock.now(),
            // One page and what ends with it: the limit of the server is looked at below.
            most_series: usize::MAX,
            retention_days,
            is_sampled: false,
            manner: Manner::Prometheus,
        });
        for sample in &delivery.samples {
            let given = given(sample, delivery);
            if gathering.add(Place::Line(sample.line), &given).is_break() {
                break;
            }
        }
        self.push(server, gathering.done()?, most_series).await?;
        self.0.metadata.note_families(server, &delivery.families);
        Ok(())
    }
}

fn given<'a>(sample: &'a Scraped, delivery: &Delivery) -> Given<'a> {
    let labels = sample.labels.iter();
    Given {
        metric: &sample.metric,
        labels: labels
            .map(|(name, value)| (name, Cow::Borrowed(value)))
            .collect(),
        value: sample.value,
        at: Some(sample.at.unwrap_or(delivery.at)),
    }
}

impl MetadataBook {
    /// Remembers what an exporter of a server said about its families.
    fn note_families(&self, server: ServerId, families: &Families) {
        for (metric, family) in families {
            let said = Metadata {
                kind: family.kind.unwrap_or(FamilyKind::Unknown),
                help: family.help.clone(),
                unit: family.unit.clone(),
            };
            self.note(server, metric, said);
        }
    }
}
