//! Pushed text, in Prometheus's format 0.0.4: its values one at a time; never what values are accepted.

use super::error::{Fault, Place};
use super::gathering::{Gathering, Given};
use common::exposition::{Format, Line, lines};
use std::ops::ControlFlow;

/// Reads all lines into `gathering`, up to the one where reading on is of no use.
pub fn read(text: &[u8], gathering: &mut Gathering) {
    for (number, line) in lines(Format::Text, text) {
        let place = Place::Line(number);
        let taken = match line {
            Ok(Line::Sample(sample)) => gathering.add(place, &Given::from(sample)),
            Ok(_) => ControlFlow::Continue(()),
            Err(fault) => gathering.refuse(place, Fault::Line(fault)),
        };
        if taken.is_break() {
            return;
        }
    }
}
