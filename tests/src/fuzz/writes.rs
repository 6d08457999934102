//! Requests of remote write and of OTLP, read and stored in memory: whole or not at all; never packed.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use backend::clock::Clock;
use backend::ingest::otlp::Encoding;
use backend::ingest::remote_write::{Accepts, WriteError};
use backend::ingest::{FiringCounts, Ingest, Keep, Kept, Outlets, SeriesCount};
use backend::store::StoreError;
use common::health::HealthWeights;
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::Target;

const SERVER: ServerId = ServerId(Uuid::from_u128(1));
const NOW: UnixMs = UnixMs(1_760_000_000_000);
const MOST_SERIES: usize = 1_000;

/// In which form a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    RemoteWrite,
    OtlpProtobuf,
    OtlpJson,
}

/// How many samples were kept.
#[derive(Debug, Default)]
struct Shelf(Mutex<usize>);

impl Shelf {
    fn taken(&self) -> usize {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Keep for Shelf {
    fn keep(&self, kept: Vec<Kept>) -> BoxFuture<'_, Result<(), StoreError>> {
        let samples: usize = kept.iter().map(|one| one.values.len()).sum();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += samples;
        async { Ok(()) }.boxed()
    }

    fn count(&self, _: ServerId, keys: &[SeriesKey]) -> SeriesCount {
        SeriesCount {
            known: 0,
            new: keys.len(),
        }
    }
}

/// An entrance for requests in one form.
pub(super) struct Writes {
    form: Form,
    runtime: Runtime,
    ingest: Ingest,
    shelf: Arc<Shelf>,
    /// Nobody listens to what the rules would see: both ends are kept, and emptied.
    pushed: mpsc::Receiver<Vec<backend::ingest::Stored>>,
}

impl Writes {
    pub(super) fn new(form: Form) -> Result<Self> {
        let runtime = Builder::new_current_thread().build()?;
        let shelf = Arc::<Shelf>::default();
        let (rules, _) = mpsc::channel(1);
        let (pushed, for_rules) = mpsc::channel(16);
        let outlets = Outlets {
            keep: Arc::<Shelf>::clone(&shelf),
            live: Arc::new(|_| {}),
            rules,
            pushed,
        };
        let (firing, weights) = (FiringCounts::default(), HealthWeights::default());
        let ingest = Ingest::new(Clock::fixed(NOW), firing, weights, outlets);
        ingest.want(SERVER, None);
        Ok(Self {
            form,
            runtime,
            ingest,
            shelf,
            pushed: for_rules,
        })
    }

    /// How many samples it says that it stored, `None` when it does not say.
    fn give(&self, message: Vec<u8>) -> Result<Option<usize>, WriteError> {
        let accepts = Accepts {
            server: SERVER,
            now: NOW,
            most_series: MOST_SERIES,
            retention_days: 30,
            is_sampled: true,
        };
        let encoding = match self.form {
            Form::RemoteWrite => {
                let written = self.ingest.write(message.into(), accepts);
                return Ok(Some(self.runtime.block_on(written)?.samples));
            }
            Form::OtlpProtobuf => Encoding::Protobuf,
            Form::OtlpJson => Encoding::Json,
        };
        let exported = self.ingest.export(message.into(), encoding, accepts);
        self.runtime.block_on(exported).map(|_| None)
    }
}

impl Target for Writes {
    fn take(&mut self, input: &[u8]) -> String {
        let given = self.give(input.to_vec());
        let kept = self.shelf.taken();
        while self.pushed.try_recv().is_ok() {}
        match given {
            Ok(Some(samples)) => {
                // Of a series and moment that come twice one is kept.
                assert!(kept <= samples && (kept > 0) == (samples > 0));
                format!("written {}", samples.min(4))
            }
            Ok(None) => format!("taken {}", kept.min(8)),
            Err(error) => {
                assert_eq!(kept, 0, "something of a refused request was stored");
                let words = error.to_string();
                let known = words.split(['`', '(', ':']).map(str::trim);
                let known = known.filter(|part| part.chars().any(char::is_alphabetic));
                known.take(2).collect::<Vec<_>>().join(": ")
            }
        }
    }

    fn words(&self) -> &'static [&'static str] {
        match self.form {
            Form::RemoteWrite => &[
                "\n\x08__name__",
                "\x12\x02up",
                "\x12\x0b\t",
                "\x1a\x04\x08\x01\x12\x01",
            ],
            Form::OtlpProtobuf => &["\n\x04", "\x12\x06", "\x19", "\x0a\x02\x12\x00", "\x31"],
            Form::OtlpJson => &[
                "\"asDouble\":\"NaN\",",
                "\"asInt\":\"-9223372036854775808\",",
                "\"flags\":1,",
                "\"aggregationTemporality\":1,",
                "\"isMonotonic\":true,",
                "\"explicitBounds\":[1,0],",
                "{\"kvlistValue\":{\"values\":[",
                "{\"arrayValue\":{\"values\":[",
                "\"bucketCounts\":[\"1\"],",
                "\"exponentialHistogram\":{\"dataPoints\":[{}]},",
                "\"timeUnixNano\":\"1\",",
            ],
        }
    }
}
