//! A `WriteRequest`, read where it lies: its samples by moment; never stored here.

use std::collections::HashMap;

use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;

use super::described::{self, Described};
use super::error::{SeriesFault, WriteError};
use super::known::{Known, Place};
use super::labels;
use crate::ingest::pipeline::FUTURE_MS;
use crate::protobuf::{BadMessage, Content, Field, Fields, put_bytes};

/// Samples of one request at most: some 40 MB.
const MOST_SAMPLES: usize = 500_000;
/// Descriptions of metrics that are read in one request: Prometheus sends 2,000.
const MOST_DESCRIBED: usize = 20_000;
const DAY_MS: i64 = 86_400_000;
/// A message of about this many bytes brings a sample.
const BYTES_A_SAMPLE: usize = 64;

/// What is accepted, and of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepts {
    /// The server that the series belong to.
    pub server: ServerId,
    /// The time by the own clock.
    pub now: UnixMs,
    /// Series that the server may have.
    pub most_series: usize,
    /// Days back for which samples are taken: as long as they are kept.
    pub retention_days: u32,
    /// Watchpost reads the catalogue's metrics there itself.
    pub is_sampled: bool,
}

/// The samples of one moment.
#[derive(Debug)]
pub(super) struct Moment {
    pub(super) at: i64,
    /// Each series once.
    pub(super) values: Vec<(SeriesKey, f64)>,
    places: Vec<Place>,
}

/// What a request brings: nothing in it breaks a rule.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// In the order in which they came.
    pub(super) moments: Vec<Moment>,
    /// Series that may be new to the store.
    pub(super) fresh: Vec<(Place, SeriesKey)>,
    /// How many samples there are.
    pub(super) samples: usize,
    /// What metrics are said to be.
    pub(super) described: Vec<Described>,
}

/// Reads a request; what it names is remembered in `known`.
pub(super) fn read(
    message: &[u8],
    accepts: &Accepts,
    known: &mut Known,
) -> Result<Request, WriteError> {
    known.make_room(accepts.most_series);
    let mut reading = Reading {
        accepts,
        known,
        request: Request::default(),
        at_moment: HashMap::new(),
        last: 0,
        expected: message.len() / BYTES_A_SAMPLE,
    };
    let mut fields = Fields::of(message);
    let mut place = 0;
    while let Some(field) = fields.read()? {
        if field.number == 3 {
            reading.description(field.bytes()?)?;
        }
        if field.number != 1 {
            continue;
        }
        let series = field.bytes()?;
        match reading.series(series) {
            Ok(()) => place += 1,
            Err(Stop::Fault(fault)) => {
                return Err(WriteError::Series {
                    place,
                    metric: labels::metric(series),
                    fault,
                });
            }
            Err(Stop::Message(error)) => return Err(error.into()),
            Err(Stop::TooMany) => {
                let limit = MOST_SAMPLES;
                return Err(WriteError::TooManySamples { limit });
            }
        }
    }
    let mut request = reading.request;
    request.fresh.sort_unstable_by_key(|(place, _)| *place);
    request.fresh.dedup_by_key(|(place, _)| *place);
    for moment in &mut request.moments {
        moment.keep_last_of_each();
    }
    Ok(request)
}

/// Why reading ends early.
enum Stop {
    Fault(SeriesFault),
    Message(BadMessage),
    TooMany,
}

impl From<BadMessage> for Stop {
    fn from(error: BadMessage) -> Self {
        Self::Message(error)
    }
}

impl From<SeriesFault> for Stop {
    fn from(fault: SeriesFault) -> Self {
        Self::Fault(fault)
    }
}

struct Reading<'a> {
    accepts: &'a Accepts,
    known: &'a mut Known,
    request: Request,
    /// Where each moment stands.
    at_moment: HashMap<i64, usize>,
    /// The moment of the last sample: the next one is likely of the same.
    last: usize,
    /// Samples that the message may have, by its length.
    expected: usize,
}

impl Reading<'_> {
    /// Takes what is said about a metric, up to so many.
    fn description(&mut self, message: &[u8]) -> Result<(), BadMessage> {
        if self.request.described.len() < MOST_DESCRIBED {
            self.request.described.extend(described::read(message)?);
        }
        Ok(())
    }

    /// Takes the samples of a series; one that brings none (exemplars alone) is not looked at.
    fn series(&mut self, message: &[u8]) -> Result<(), Stop> {
        let (section, rest) = split_labels(message)?;
        if has_labels(rest)? {
            return self.scattered_series(message);
        }
        let mut named = None;
        let mut fields = Fields::of(rest);
        while let Some(field) = fields.read()? {
            match field.number {
                2 => {
                    let (place, key) = match &named {
                        Some(named) => named,
                        None => named.insert(self.place(section)?),
                    };
                    self.sample(*place, key, field)?;
                }
                4 => return Err(SeriesFault::NativeHistogram.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// As [`Reading::series`], for labels that do not stand together at the start: the same again with
    /// those first.
    fn scattered_series(&mut self, message: &[u8]) -> Result<(), Stop> {
        let (mut whole, mut others) = (Vec::new(), Vec::new());
        let mut fields = Fields::of(message);
        while let Some(field) = fields.read()? {
            let to = if field.number == 1 {
                &mut whole
            } else {
                &mut others
            };
            if let Content::Bytes(bytes) = field.content {
                put_bytes(field.number, bytes, to);
            }
        }
        whole.append(&mut others);
        self.series(&whole)
    }

    /// The place and the key of the series that these bytes name.
    fn place(&mut self, section: &[u8]) -> Result<(Place, SeriesKey), Stop> {
        if let Some((place, series)) = self.known.find(section) {
            if !series.is_stored {
                self.request.fresh.push((place, series.key.clone()));
            }
            return Ok((place, series.key.clone()));
        }
        let (metric, labels) =
            labels::read(section, self.accepts.is_sampled).map_err(SeriesFault::from)?;
        let key = SeriesKey::new(self.accepts.server, metric, labels);
        let added = self.known.add(section, key.clone());
        let (place, _) = added.ok_or(Stop::TooMany)?;
        self.request.fresh.push((place, key.clone()));
        Ok((place, key))
    }

    fn sample(&mut self, place: Place, key: &SeriesKey, field: Field<'_>) -> Result<(), Stop> {
        let (value, at) = sample(field.bytes()?)?;
        let at = self.moment(at)?;
        if self.request.samples == MOST_SAMPLES {
            return Err(Stop::TooMany);
        }
        self.request.samples += 1;
        if let Some(moment) = self.request.moments.get_mut(at) {
            moment.values.push((key.clone(), value));
            moment.places.push(place);
        }
        Ok(())
    }

    /// Where the moment stands to which a sample belongs.
    fn moment(&mut self, at: i64) -> Result<usize, Stop> {
        let moments = &mut self.request.moments;
        if moments.get(self.last).is_some_and(|last| last.at == at) {
            return Ok(self.last);
        }
        if let Some(moment) = self.at_moment.get(&at) {
            self.last = *moment;
            return Ok(self.last);
        }
        self.accepts.check_time(at)?;
        let expected = if moments.is_empty() { self.expected } else { 0 };
        moments.push(Moment {
            at,
            values: Vec::with_capacity(expected),
            places: Vec::with_capacity(expected),
        });
        self.last = moments.len() - 1;
        self.at_moment.insert(at, self.last);
        Ok(self.last)
    }
}

impl Accepts {
    /// Whether samples of that time are taken.
    pub(in crate::ingest) fn check_time(&self, at: i64) -> Result<(), SeriesFault> {
        let (now, at) = (self.now, UnixMs(at));
        let days = i64::from(self.retention_days);
        if now.since_ms(at) > days * DAY_MS {
            return Err(SeriesFault::TooOld { days });
        }
        if at.since_ms(now) > FUTURE_MS {
            let minutes = FUTURE_MS / 60_000;
            return Err(SeriesFault::FromTheFuture { minutes });
        }
        Ok(())
    }
}

/// The labels at the start of a series, and what stands after them.
fn split_labels(message: &[u8]) -> Result<(&[u8], &[u8]), BadMessage> {
    let mut fields = Fields::of(message);
    let mut rest = message;
    while let Some(field) = fields.read()? {
        if field.number != 1 {
            break;
        }
        rest = fields.rest();
    }
    Ok(message.split_at(message.len() - rest.len()))
}

/// Whether labels stand among other fields.
fn has_labels(rest: &[u8]) -> Result<bool, BadMessage> {
    let mut fields = Fields::of(rest);
    while let Some(field) = fields.read()? {
        if field.number == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Value and time of a sample.
#[inline]
fn sample(message: &[u8]) -> Result<(f64, i64), BadMessage> {
    let (mut value, mut at) = (0.0, 0);
    let mut fields = Fields::of(message);
    while let Some(field) = fields.read()? {
        match field.number {
            1 => value = field.double()?,
            2 => at = field.integer()?.cast_signed(),
            _ => {}
        }
    }
    Ok((value, at))
}

impl Moment {
    /// Of a series that came several times the last value stands.
    fn keep_last_of_each(&mut self) {
        if self.places.is_sorted_by(|one, next| one < next) {
            return;
        }
        let mut sorted = self.places.clone();
        sorted.sort_unstable();
        if sorted.is_sorted_by(|one, next| one < next) {
            return;
        }
        let places = self.places.iter().enumerate();
        let last: HashMap<Place, usize> = places.map(|(at, place)| (*place, at)).collect();
        let mut at = 0;
        let places = &self.places;
        self.values.retain(|_| {
            let keeps = places.get(at).and_then(|place| last.get(place)) == Some(&at);
            at += 1;
            keeps
        });
    }
}
