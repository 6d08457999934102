//! What a reading of a process must be, were it made of whole numbers, and how far off it is: bit
//! for bit, whatever it is. Pure.
//!
//! A reading is stored as a whole number and the bits by which it differs from what that number
//! predicts: none, for what the kernel counts. Stored packs depend on each formula here: they never
//! change.

/// Nanoseconds of a second.
const NANOS: f64 = 1e9;
/// Ticks of the least busy process that are tried.
const MOST_TICKS: i64 = 512;

/// A number of which the bits are told by another and a difference.
pub(super) fn differs(value: f64, predicted: f64) -> i64 {
    (value.to_bits() ^ predicted.to_bits()).cast_signed()
}

/// The number that differs so from what was predicted.
pub(super) fn restored(differs: i64, predicted: f64) -> f64 {
    f64::from_bits(predicted.to_bits() ^ differs.cast_unsigned())
}

/// A share of processor time is ticks of a hundredth of a second in the time between two readings,
/// the same for all processes of a list; in nanoseconds, 0 when there is none that fits.
pub(super) fn interval(shares: &[f64], before: i64) -> i64 {
    let busy = || shares.iter().copied().filter(|share| *share > 0.0);
    let Some(least) = busy().min_by(f64::total_cmp) else {
        return before;
    };
    let as_before = nearest(least * decimal(before) / NANOS);
    let fits = |interval: &i64| busy().all(|share| ticks_of(share, *interval).is_some());
    as_before
        .into_iter()
        .chain(1..=MOST_TICKS)
        .filter_map(|ticks| nearest(decimal(ticks) / least * NANOS))
        .find(fits)
        .unwrap_or_default()
}

/// The ticks that predict a share exactly; `None` when none do.
pub(super) fn ticks_of(share: f64, interval: i64) -> Option<i64> {
    let ticks = nearest(share * decimal(interval) / NANOS)?;
    (differs(share, share_of(ticks, interval)) == 0).then_some(ticks)
}

/// The share that so many ticks are.
pub(super) fn share_of(ticks: i64, interval: i64) -> f64 {
    if interval == 0 {
        return 0.0;
    }
    let seconds = interval.div_euclid(1_000_000_000);
    let nanos = interval.rem_euclid(1_000_000_000);
    decimal(ticks) / (decimal(seconds) + decimal(nanos) / NANOS)
}

/// The memory of the host, as one process tells it; 0 when it does not.
pub(super) fn total_memory(bytes: u64, percent: f64) -> i64 {
    let kibibytes = nearest(100.0 * decimal(bytes.cast_signed()) / percent / 1_024.0);
    kibibytes
        .and_then(|it| it.checked_mul(1_024))
        .unwrap_or_default()
}

/// The share of the host's memory that so many bytes are.
pub(super) fn percent_of(bytes: u64, total: i64) -> f64 {
    if total == 0 {
        return 0.0;
    }
    100.0 * decimal(bytes.cast_signed()) / decimal(total)
}

/// A moment in hundredths of a second, the unit in which the kernel tells starts.
pub(super) fn hundredths(seconds: f64) -> i64 {
    nearest(seconds * 100.0).unwrap_or_default()
}

/// That moment in seconds.
pub(super) fn seconds(hundredths: i64) -> f64 {
    decimal(hundredths) / 100.0
}

/// The nearest whole number, when it is one that floats count exactly.
#[expect(clippy::cast_possible_truncation, reason = "held in range")]
fn nearest(value: f64) -> Option<i64> {
    let rounded = value.round();
    (rounded.abs() < 9e15).then_some(rounded as i64)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a prediction; what it misses is stored"
)]
fn decimal(value: i64) -> f64 {
    value as f64
}
