//! A file's entries as what they are, with the ids that they have here; never written.

use std::collections::BTreeMap;

use common::alert::{
    InhibitionInput, PolicyInput, RouteInput, ScheduleInput, SilenceInput, WindowInput,
};
use common::api::alert_config::{ConfigItem, ConfigPart};
use common::api::channels::ChannelInput;
use common::api::templates::TemplateInput;
use common::problem::FieldError;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::here::Here;
use super::ids::Ids;
use super::read::{Entry, File, typed};
use crate::alerts::FileRules;

/// An entry with its place.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    /// `channels[2]`.
    pub(super) place: String,
    /// How it is told of.
    pub(super) item: ConfigItem,
    /// What it is here.
    pub(super) id: Uuid,
    /// What a person wrote.
    pub(super) input: T,
}

impl<T> Placed<T> {
    /// A fault of one of its fields, at its place.
    pub(super) fn fault(&self, fault: FieldError) -> FieldError {
        let field = match fault.field.as_str() {
            "" => self.place.clone(),
            field => format!("{}.{field}", self.place),
        };
        FieldError::new(field, fault.message)
    }

    /// The same entry as something else.
    pub(super) fn with<U>(self, make: impl FnOnce(T) -> U) -> Placed<U> {
        Placed {
            place: self.place,
            item: self.item,
            id: self.id,
            input: make(self.input),
        }
    }
}

/// What a file holds, typed.
#[derive(Debug)]
pub(super) struct Prepared<C> {
    pub(super) templates: Vec<Placed<TemplateInput>>,
    pub(super) channels: Vec<Placed<C>>,
    pub(super) schedules: Vec<Placed<ScheduleInput>>,
    pub(super) policies: Vec<Placed<PolicyInput>>,
    pub(super) routes: Vec<Placed<RouteInput>>,
    pub(super) inhibitions: Vec<Placed<InhibitionInput>>,
    pub(super) windows: Vec<Placed<WindowInput>>,
    pub(super) silences: Vec<Placed<SilenceInput>>,
    pub(super) rules: FileRules,
}

impl Prepared<ChannelInput> {
    /// The entries of a file by what is here; all faults that their types show.
    pub(super) fn of(file: File, here: &Here) -> Result<Self, Vec<FieldError>> {
        let ids = Ids::of(&file, here);
        let mut sorted = Sorted::default();
        for (entry, id) in file.entries.into_iter().zip(&ids.of_entries) {
            let own = sorted.parts.entry(entry.part).or_default();
            own.push((entry, *id));
        }
        let mut rules = file.rules;
        for rule in &mut rules {
            ids.rewrite(rule);
        }
        let rules = FileRules::of(rules).map_err(|faults| sorted.wrong.extend(faults));
        let templates = sorted.take(ConfigPart::Templates, &ids);
        let channels = sorted.take(ConfigPart::Channels, &ids);
        let schedules = sorted.take(ConfigPart::Schedules, &ids);
        let policies = sorted.take(ConfigPart::Policies, &ids);
        let routes = sorted.take(ConfigPart::Routes, &ids);
        let inhibitions = sorted.take(ConfigPart::Inhibitions, &ids);
        let windows = sorted.take(ConfigPart::MaintenanceWindows, &ids);
        let silences = sorted.take(ConfigPart::Silences, &ids);
        match rules {
            Ok(rules) if sorted.wrong.is_empty() => Ok(Self {
                templates,
                channels,
                schedules,
                policies,
                routes,
                inhibitions,
                windows,
                silences,
                rules,
            }),
            _ => Err(sorted.wrong),
        }
    }
}

#[derive(Default)]
struct Sorted {
    parts: BTreeMap<ConfigPart, Vec<(Entry, Uuid)>>,
    wrong: Vec<FieldError>,
}

impl Sorted {
    fn take<T: DeserializeOwned>(&mut self, part: ConfigPart, ids: &Ids) -> Vec<Placed<T>> {
        let mut all = Vec::new();
        for (entry, id) in self.parts.remove(&part).unwrap_or_default() {
            let name = entry.name().unwrap_or(&entry.place).to_owned();
            let mut value = Value::Object(entry.input);
            ids.rewrite(&mut value);
            match typed(&entry.place, value) {
                Ok(input) => all.push(Placed {
                    place: entry.place,
                    item: ConfigItem { part, name },
                    id,
                    input,
                }),
                Err(fault) => self.wrong.push(fault),
            }
        }
        all
    }
}
