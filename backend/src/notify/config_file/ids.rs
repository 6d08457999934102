//! What the ids of a file stand for here: by the names of what is there; never a change of it.

use std::collections::{HashMap, HashSet};

use common::api::alert_config::ConfigPart;
use serde_json::Value;
use uuid::Uuid;

use super::here::Here;
use super::read::File;

/// The ids here.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// By those of the file.
    of_file: HashMap<Uuid, Uuid>,
    /// Of the file's entries, in their order.
    pub(super) of_entries: Vec<Uuid>,
}

impl Ids {
    /// A person is who has the user name. An entry is what has its name here, else what has its id, else
    /// new: under its id, when nothing else has it.
    pub(super) fn of(file: &File, here: &Here) -> Self {
        let mut ids = Self::default();
        for person in &file.people {
            if let Some(id) = here.person(&person.username) {
                ids.of_file.insert(person.id.0, id);
            }
        }
        let named = named_once(file);
        let mut taken = HashSet::new();
        for entry in &file.entries {
            let name = entry
                .name()
                .filter(|name| named.contains(&(entry.part, *name)));
            let found = name.and_then(|name| here.named(entry.part, name));
            let own = entry
                .id
                .filter(|id| here.part_of(*id).is_none_or(|part| part == entry.part));
            let id = found.or(own).filter(|id| taken.insert(*id));
            let id = id.unwrap_or_else(Uuid::now_v7);
            ids.of_entries.push(id);
            if let Some(of_file) = entry.id {
                ids.of_file.insert(of_file, id);
            }
        }
        ids
    }

    /// Puts the ids here in place of the file's.
    pub(super) fn rewrite(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(id) = id_in(text).and_then(|id| self.of_file.get(&id)) {
                    *text = id.to_string();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.rewrite(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Names that one entry of a part has alone.
fn named_once(file: &File) -> HashSet<(ConfigPart, &str)> {
    let mut counts: HashMap<(ConfigPart, &str), usize> = HashMap::new();
    for entry in &file.entries {
        if let Some(name) = entry.name() {
            *counts.entry((entry.part, name)).or_default() += 1;
        }
    }
    let once = counts.into_iter().filter(|(_, count)| *count == 1);
    once.map(|(name, _)| name).collect()
}

/// The ids that a value names.
pub(super) fn ids_in(value: &Value, found: &mut HashSet<Uuid>) {
    match value {
        Value::String(text) => found.extend(id_in(text)),
        Value::Array(items) => items.iter().for_each(|item| ids_in(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| ids_in(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text that is an id as we write them; others are left alone.
fn id_in(text: &str) -> Option<Uuid> {
    let is_long = text.len() == uuid::fmt::Hyphenated::LENGTH;
    is_long.then(|| text.parse().ok()).flatten()
}
