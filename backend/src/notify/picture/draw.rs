//! A chart as PNG: pure, one size, bounded; never where the chart came from.

use std::sync::OnceLock;

use bytes::Bytes;
use common::chart::{ChartSpec, Plot, Size, UtcTime, draw as draw_chart, draw_name};
use plotters::prelude::{BitMapBackend, IntoDrawingArea, RGBColor};
use plotters::style::{FontStyle, register_font};

use super::error::PictureError;
use super::joints::Joints;
use super::theme::{FONT, Look, theme};

const FACE: &[u8] = include_bytes!("inter-latin-400.ttf");

/// The size of a chart in CSS pixels.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 220;
/// Pixels of the picture for each, so that it is sharp on any screen.
const GRAIN: u32 = 2;
/// It is drawn so many times larger and made smaller: edges without stairs.
const FINER: u32 = 2;

/// A picture to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub png: Bytes,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// Draws a chart; its times are in UTC. It takes some tens of milliseconds: not on an async thread.
pub fn draw(chart: &ChartSpec, look: Look) -> Result<Picture, PictureError> {
    letter()?;
    let scale = GRAIN * FINER;
    let (wide, high) = (WIDTH * scale, HEIGHT * scale);
    let theme = theme(look);
    let size = Size {
        width: f64::from(WIDTH),
        height: f64::from(HEIGHT),
    };
    let plot = Plot::new(chart, size, &UtcTime);
    let mut fine = vec![0; (wide * high * 3) as usize];
    {
        let bitmap = BitMapBackend::with_buffer(&mut fine, (wide, high));
        let area = Joints(bitmap).into_drawing_area();
        let (red, green, blue) = theme.panel;
        area.fill(&RGBColor(red, green, blue)).map_err(failed)?;
        draw_chart(&area, &plot, &theme, f64::from(scale)).map_err(failed)?;
        // No page stands around a picture that says what the curve is.
        if let Some(series) = chart.series.first() {
            draw_name(&area, &plot, &theme, f64::from(scale), &series.name).map_err(failed)?;
        }
        area.present().map_err(failed)?;
    }
    let (width, height) = (WIDTH * GRAIN, HEIGHT * GRAIN);
    let png = encode(&smaller(&fine, width, height), width, height)?;
    Ok(Picture { png, width, height })
}

/// Gives the drawing library its font, once.
fn letter() -> Result<(), PictureError> {
    static GIVEN: OnceLock<bool> = OnceLock::new();
    let given = GIVEN.get_or_init(|| register_font(FONT, FontStyle::Normal, FACE).is_ok());
    if *given {
        Ok(())
    } else {
        Err(PictureError::Drawing("the font cannot be read".to_owned()))
    }
}

/// Each pixel is the mean of those it stands for.
fn smaller(fine: &[u8], width: u32, height: u32) -> Vec<u8> {
    let (width, height, finer) = (width as usize, height as usize, FINER as usize);
    let line = width * finer * 3;
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let mut sum = 0;
                for row in 0..finer {
                    let at = (y * finer + row) * line + x * finer * 3 + channel;
                    for column in 0..finer {
                        sum += u32::from(fine[at + column * 3]);
                    }
                }
                let mean = sum / (FINER * FINER);
                pixels.push(u8::try_from(mean).unwrap_or(u8::MAX));
            }
        }
    }
    pixels
}

fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Bytes, PictureError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(Bytes::from(file))
}

fn failed(error: impl std::fmt::Display) -> PictureError {
    PictureError::Drawing(error.to_string())
}
