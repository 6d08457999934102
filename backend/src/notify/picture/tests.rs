//! Pictures are real PNG files that show what they say.

use std::sync::Arc;

use common::alert::Severity;
use common::chart::{
    AlertBand, ChartSeries, ChartSpec, ChartUnit, Point, SeriesColor, Shape, ThresholdLine,
    TimeWindow, ValueBounds,
};
use common::time::UnixMs;

use super::*;

mod keeper;
mod kinds;

const MINUTE: i64 = 60_000;

fn chart(points: Vec<Point>) -> ChartSpec {
    ChartSpec {
        window: TimeWindow {
            from: UnixMs(0),
            to: UnixMs(30 * MINUTE),
        },
        unit: ChartUnit::Percent,
        bounds: ValueBounds::up_to(100.0),
        series: vec![ChartSeries {
            name: "cpu".to_owned(),
            color: SeriesColor::Blue,
            shape: Shape::Area,
            points: Arc::new(points),
            gap_ms: 30_000,
        }],
        thresholds: vec![ThresholdLine {
            value: 90.0,
            severity: Severity::Critical,
            label: Some("90 %".to_owned()),
        }],
        bands: vec![AlertBand {
            from: UnixMs(20 * MINUTE),
            to: None,
            severity: Severity::Critical,
        }],
    }
}

fn busy() -> Vec<Point> {
    let second = |at: i64| {
        let wave = f64::from(u32::try_from(at % 97).unwrap()) / 10.0;
        let level = if at > 1_200 { 90.0 } else { 35.0 };
        Point::new(UnixMs(at * 1_000), level + wave)
    };
    (0..1_800).map(second).collect()
}

/// Width, height and pixels of a file.
fn decode(picture: &Picture) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(&picture.png))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    pixels.truncate(info.buffer_size());
    (info.width, info.height, pixels)
}

fn count(pixels: &[u8], is: impl Fn(&[u8]) -> bool) -> usize {
    pixels.chunks_exact(3).filter(|pixel| is(pixel)).count()
}

#[test]
fn a_picture_shows_curve_threshold_and_band_in_both_looks() {
    for (look, panel, critical) in [
        (Look::Light, [255, 255, 255], [0xc4, 0x28, 0x1c]),
        (Look::Dark, [0x14, 0x18, 0x1e], [0xff, 0x71, 0x66]),
    ] {
        let picture = draw(&chart(busy()), look).unwrap();
        if let Some(folder) = std::env::var_os("WATCHPOST_PICTURES") {
            let file = std::path::Path::new(&folder).join(format!("{look:?}.png"));
            std::fs::write(file, &picture.png).unwrap();
        }
        let (width, height, pixels) = decode(&picture);
        assert_eq!((width, height), (picture.width, picture.height));
        assert!(picture.png.len() < 200_000, "{} bytes", picture.png.len());
        assert!(count(&pixels, |pixel| pixel == panel) > 100_000, "{look:?}");
        assert!(
            count(&pixels, |pixel| pixel == critical) > 1_000,
            "{look:?}"
        );
        let without = draw(&chart(Vec::new()), look).unwrap();
        let (_, _, empty) = decode(&without);
        let differing = pixels.iter().zip(&empty).filter(|(a, b)| a != b).count();
        assert!(differing > 50_000, "{look:?}: the curve covers {differing}");
    }
}

#[test]
fn a_short_dip_does_not_stand_above_the_line() {
    // Full for a while, with dips of a moment and one to the ground.
    let second = |at: i64| {
        let value = match at % 60 {
            30 => 96.0,
            31 => 99.0,
            32 => 93.0,
            _ => 100.0,
        };
        Point::new(UnixMs(at * 1_000), value)
    };
    let drawn = |points: Vec<Point>| {
        let mut spec = chart(points);
        spec.thresholds.clear();
        spec.bands.clear();
        decode(&draw(&spec, Look::Light).unwrap())
    };
    let (width, _, flat) = drawn(
        (0..1_800)
            .map(|at| Point::new(UnixMs(at * 1_000), 100.0))
            .collect(),
    );
    let (_, _, dips) = drawn((0..1_800).map(second).collect());
    // The first row in which anything but the frame is drawn must be the same.
    let (_, _, empty) = drawn(Vec::new());
    let top = |pixels: &[u8]| {
        let rows = pixels.chunks_exact(width as usize * 3);
        rows.zip(empty.chunks_exact(width as usize * 3))
            .position(|(row, blank)| row != blank)
            .unwrap()
    };
    assert_eq!(top(&dips), top(&flat));
}

#[test]
fn letters_are_drawn() {
    let mut unlettered = chart(Vec::new());
    unlettered.thresholds[0].label = None;
    let (_, _, with) = decode(&draw(&chart(Vec::new()), Look::Light).unwrap());
    let (_, _, without) = decode(&draw(&unlettered, Look::Light).unwrap());
    let changed = with.iter().zip(&without).filter(|(a, b)| a != b).count();
    assert!(changed > 500, "{changed}");
    // The axis is labelled: muted letters at the left edge.
    let muted = |pixel: &[u8]| pixel[0] < 0x90 && pixel[2] > pixel[0];
    let left: usize = without
        .chunks_exact(1_280 * 3)
        .map(|line| count(&line[..60 * 3], muted))
        .sum();
    assert!(left > 100, "{left}");
}

#[test]
fn odd_values_draw_all_the_same() {
    let odd = [f64::MAX, f64::MIN, 0.0, -1.0, 1e-300];
    let points = (0..)
        .zip(odd)
        .map(|(at, value)| Point::new(UnixMs(at * MINUTE), value));
    let points: Vec<Point> = points.collect();
    let mut wild = chart(points);
    wild.bounds = ValueBounds::default();
    let picture = draw(&wild, Look::Dark).unwrap();
    assert_eq!(decode(&picture).0, picture.width);
}
