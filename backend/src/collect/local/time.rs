//! The clock of the host and how right it is; never what time a sample is from.

use super::error::ReadError;
use super::found::{Collect, Found};
use crate::clock::Clock;
use common::units::bytes_f64;
use std::path::PathBuf;

/// The clock.
pub(super) struct TimeOfDay(Clock);

impl TimeOfDay {
    pub(super) fn new(clock: Clock) -> Self {
        Self(clock)
    }
}

impl Collect for TimeOfDay {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let now = u64::try_from(self.0.now().0).map_err(|_| ReadError::Absent)?;
        found
            .details
            .plain("node_time_seconds", bytes_f64(now) / 1e3);
        Ok(())
    }
}

/// What the kernel knows of its clock's error.
pub(super) struct Discipline;

/// What `adjtimex` tells, in its own units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Told {
    synchronised: bool,
    status: i32,
    /// In nanoseconds when the status says so, else in microseconds.
    offset: i64,
    /// In 1/65536 of a millionth.
    frequency: i64,
    maximum_error_us: i64,
    estimated_error_us: i64,
    tai_offset: i32,
    constant: i64,
    tick_us: i64,
    pulse: Pulse,
}

/// What a pulse a second from outside told, where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Pulse {
    /// In 1/65536 of a millionth.
    frequency: i64,
    /// As the offset.
    jitter: i64,
    shift_seconds: i32,
    /// In 1/65536 of a millionth.
    stability: i64,
    jitters: i64,
    calibrations: i64,
    errors: i64,
    unstable: i64,
}

impl Collect for Discipline {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let told = adjtimex().map_err(|source| ReadError::Unreadable {
            path: PathBuf::from("adjtimex"),
            source,
        })?;
        let readings = readings(&told).into_iter().chain(pulse_readings(&told));
        for (metric, value) in readings {
            found.details.plain(metric, value);
        }
        Ok(())
    }
}

/// Parts of a second in which offset and jitter are told.
fn per_second(told: &Told) -> f64 {
    if told.status & libc::STA_NANO == 0 {
        1e6
    } else {
        1e9
    }
}

/// From the kernel's units to those of the metrics.
fn pulse_readings(told: &Told) -> [(&'static str, f64); 8] {
    let pulse = &told.pulse;
    [
        (
            "node_timex_pps_calibration_total",
            number(pulse.calibrations),
        ),
        ("node_timex_pps_error_total", number(pulse.errors)),
        (
            "node_timex_pps_frequency_hertz",
            number(pulse.frequency) / 65_536e6,
        ),
        (
            "node_timex_pps_jitter_seconds",
            number(pulse.jitter) / per_second(told),
        ),
        ("node_timex_pps_jitter_total", number(pulse.jitters)),
        (
            "node_timex_pps_shift_seconds",
            f64::from(pulse.shift_seconds),
        ),
        (
            "node_timex_pps_stability_exceeded_total",
            number(pulse.unstable),
        ),
        (
            "node_timex_pps_stability_hertz",
            number(pulse.stability) / 65_536e6,
        ),
    ]
}

/// From the kernel's units to seconds.
fn readings(told: &Told) -> [(&'static str, f64); 9] {
    let per_second = per_second(told);
    [
        (
            "node_timex_offset_seconds",
            number(told.offset) / per_second,
        ),
        (
            "node_timex_estimated_error_seconds",
            number(told.estimated_error_us) / 1e6,
        ),
        (
            "node_timex_maxerror_seconds",
            number(told.maximum_error_us) / 1e6,
        ),
        (
            "node_timex_frequency_adjustment_ratio",
            1.0 + number(told.frequency) / 65_536e6,
        ),
        (
            "node_timex_sync_status",
            f64::from(u8::from(told.synchronised)),
        ),
        ("node_timex_loop_time_constant", number(told.constant)),
        ("node_timex_tick_seconds", number(told.tick_us) / 1e6),
        ("node_timex_status", f64::from(told.status)),
        ("node_timex_tai_offset_seconds", f64::from(told.tai_offset)),
    ]
}

fn number(told: i64) -> f64 {
    let size = bytes_f64(told.unsigned_abs());
    if told < 0 { -size } else { size }
}

/// Asks the kernel; changes nothing.
#[expect(
    unsafe_code,
    reason = "no safe wrapper tells the offset; the call fills a struct that this function owns"
)]
#[cfg_attr(
    target_pointer_width = "64",
    expect(
        clippy::useless_conversion,
        reason = "the fields are narrower on 32-bit machines"
    )
)]
fn adjtimex() -> std::io::Result<Told> {
    // SAFETY: all-zero is a valid `timex` (whole numbers only) that asks without setting, and the
    // kernel writes within it.
    let (state, told) = unsafe {
        let mut told: libc::timex = std::mem::zeroed();
        (libc::adjtimex(&raw mut told), told)
    };
    if state < 0 {
        return Err(std::io::Error::last_os_error());
    }
    Ok(Told {
        synchronised: state != libc::TIME_ERROR,
        status: told.status,
        offset: i64::from(told.offset),
        frequency: i64::from(told.freq),
        maximum_error_us: i64::from(told.maxerror),
        estimated_error_us: i64::from(told.esterror),
        tai_offset: told.tai,
        constant: i64::from(told.constant),
        tick_us: i64::from(told.tick),
        pulse: Pulse {
            frequency: i64::from(told.ppsfreq),
            jitter: i64::from(told.jitter),
            shift_seconds: told.shift,
            stability: i64::from(told.stabil),
            jitters: i64::from(told.jitcnt),
            calibrations: i64::from(told.calcnt),
            errors: i64::from(told.errcnt),
            unstable: i64::from(told.stbcnt),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{Told, adjtimex, readings};

    #[test]
    fn the_status_says_what_the_offset_is_counted_in() {
        let told = Told {
            offset: -1_500,
            frequency: 65_536 * 10,
            ..Told::default()
        };
        let nano = Told {
            status: libc::STA_NANO,
            ..told
        };
        for (told, seconds) in [(told, -0.0015), (nano, -0.000_001_5)] {
            let readings = readings(&told);
            let of = |name: &str| readings.iter().find(|it| it.0 == name).unwrap().1;
            assert!((of("node_timex_offset_seconds") - seconds).abs() < 1e-12);
            assert!((of("node_timex_frequency_adjustment_ratio") - 1.000_01).abs() < 1e-9);
        }
    }

    #[test]
    fn the_kernel_tells_of_its_clock() {
        assert!(adjtimex().is_ok());
    }
}
