//! What stands in the form of an on-call schedule, and the schedule that it stands for; never how it looks.

use common::alert::{Layer, Override, Rotation, ScheduleInput};
use common::ids::UserId;
use common::problem::FieldError;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::intervals::IntervalRow;
use crate::local_time;

/// What was entered.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Its name.
    pub name: RwSignal<String>,
    /// The IANA name of its time zone.
    pub zone: RwSignal<String>,
    /// Its layers.
    pub layers: RwSignal<Vec<LayerRow>>,
    /// Its exceptions.
    pub overrides: RwSignal<Vec<OverrideRow>>,
}

/// A layer in the form.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerRow {
    /// Tells it from the others.
    pub key: u32,
    /// In the order of their turns.
    pub people: Vec<UserId>,
    /// `daily`, `weekly`, `days` or `hours`.
    pub rotation: String,
    /// How many days or hours.
    pub count: String,
    /// `YYYY-MM-DD`.
    pub starts_on: String,
    /// `HH:MM`.
    pub hand_over: String,
    /// On call only then; empty: always.
    pub active: Vec<IntervalRow>,
}

/// An exception in the form.
#[derive(Debug, Clone, PartialEq)]
pub struct OverrideRow {
    /// Tells it from the others.
    pub key: u32,
    /// The id of who is on call instead; empty: nobody chosen yet.
    pub person: String,
    /// Day and time in the schedule's zone.
    pub from: String,
    /// Day and time in the schedule's zone.
    pub to: String,
}

impl LayerRow {
    /// A new one, from a day on.
    pub fn new(key: u32, starts_on: String) -> Self {
        Self {
            key,
            people: Vec::new(),
            rotation: "weekly".to_owned(),
            count: "2".to_owned(),
            starts_on,
            hand_over: "09:00".to_owned(),
            active: Vec::new(),
        }
    }

    fn of(key: u32, layer: Layer) -> Self {
        let (rotation, count) = match layer.rotation {
            Rotation::Daily => ("daily", 2),
            Rotation::Weekly => ("weekly", 2),
            Rotation::Days { days } => ("days", days),
            Rotation::Hours { hours } => ("hours", hours),
        };
        Self {
            key,
            people: layer.people,
            rotation: rotation.to_owned(),
            count: count.to_string(),
            starts_on: layer.starts_on,
            hand_over: layer.hand_over_time.to_string(),
            active: IntervalRow::all(layer.active_times),
        }
    }

    fn layer(self, place: usize) -> Result<Layer, ApiError> {
        let wrong =
            |field: &str, message: &str| refused(format!("layers[{place}].{field}"), message);
        let count = || {
            let count = self.count.trim().parse::<u16>();
            count.map_err(|_| wrong("rotation", "must be a whole number of days or hours"))
        };
        let rotation = match &*self.rotation {
            "daily" => Rotation::Daily,
            "days" => Rotation::Days { days: count()? },
            "hours" => Rotation::Hours { hours: count()? },
            _ => Rotation::Weekly,
        };
        let hand_over_time = self.hand_over.parse();
        let active = self.active.iter().map(IntervalRow::interval);
        let active: Result<_, String> = active.collect();
        Ok(Layer {
            people: self.people.clone(),
            rotation,
            starts_on: self.starts_on.clone(),
            hand_over_time: hand_over_time
                .map_err(|_| wrong("hand_over_time", "must be a time of the day"))?,
            active_times: active
                .map_err(|_| wrong("active_times", "each needs a from and a to"))?,
        })
    }
}

impl Draft {
    /// A schedule that is there, or a new one that begins on a day.
    pub fn of(schedule: Option<ScheduleInput>, zone: &str, starts_on: &str) -> Self {
        let Some(schedule) = schedule else {
            return Self {
                name: RwSignal::default(),
                zone: RwSignal::new(zone.to_owned()),
                layers: RwSignal::new(vec![LayerRow::new(0, starts_on.to_owned())]),
                overrides: RwSignal::default(),
            };
        };
        let zone = schedule.time_zone.unwrap_or_else(|| "UTC".to_owned());
        let layers = (0..).zip(schedule.layers);
        let layers = layers.map(|(key, layer)| LayerRow::of(key, layer));
        let field = |at| local_time::to_field(at, Some(&zone));
        let overrides = (0..).zip(schedule.overrides);
        let overrides = overrides.map(|(key, one)| OverrideRow {
            key,
            person: one.person.to_string(),
            from: field(one.starts_at),
            to: field(one.ends_at),
        });
        Self {
            name: RwSignal::new(schedule.name),
            layers: RwSignal::new(layers.collect()),
            overrides: RwSignal::new(overrides.collect()),
            zone: RwSignal::new(zone),
        }
    }

    /// The schedule that was entered.
    pub fn wanted(self) -> Result<ScheduleInput, ApiError> {
        let zone = self.zone.get_untracked();
        let layers = self.layers.get_untracked().into_iter().enumerate();
        let layers = layers.map(|(place, row)| row.layer(place));
        let overrides = self.overrides.get_untracked().into_iter().enumerate();
        let overrides = overrides.map(|(place, row)| {
            let wrong = |field: &str, message: &str| {
                refused(format!("overrides[{place}].{field}"), message)
            };
            let moment = |field: &str, text: &str| {
                let at = local_time::from_field(text, Some(&zone));
                at.ok_or_else(|| wrong(field, "must be a day and a time"))
            };
            let person = row.person.parse();
            Ok(Override {
                person: person.map_err(|_| wrong("person", "must be somebody"))?,
                starts_at: moment("starts_at", &row.from)?,
                ends_at: moment("ends_at", &row.to)?,
            })
        });
        Ok(ScheduleInput {
            name: self.name.get_untracked().trim().to_owned(),
            layers: layers.collect::<Result<_, _>>()?,
            overrides: overrides.collect::<Result<_, _>>()?,
            time_zone: Some(zone),
        })
    }

    /// Changes a layer.
    pub fn change(self, key: u32, change: impl FnOnce(&mut LayerRow)) {
        self.layers.update(|layers| {
            if let Some(layer) = layers.iter_mut().find(|it| it.key == key) {
                change(layer);
            }
        });
    }
}

fn refused(field: String, message: &str) -> ApiError {
    ApiError::Invalid {
        fields: vec![FieldError::new(field, message)],
        detail: message.to_owned(),
    }
}
