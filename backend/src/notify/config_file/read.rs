//! A file of the whole configuration as parts and their entries, each with its place; never what one means.

use common::api::alert_config::{ALERT_CONFIG_VERSION, ConfigPart, ConfigPerson};
use common::problem::FieldError;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::alerts::RuleFileForm;

/// Most entries of a part.
const MOST: usize = 1_000;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct File {
    /// The people it means.
    pub(super) people: Vec<ConfigPerson>,
    /// What it holds beside rules, part after part.
    pub(super) entries: Vec<Entry>,
    /// Its rules.
    pub(super) rules: Vec<Value>,
}

/// An entry of a part.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Which part.
    pub(super) part: ConfigPart,
    /// `channels[2]`.
    pub(super) place: String,
    /// How the file means it; `None` when nothing does.
    pub(super) id: Option<Uuid>,
    /// What a person wrote.
    pub(super) input: Map<String, Value>,
}

impl Entry {
    /// Its name; `None` when it has none.
    pub(super) fn name(&self) -> Option<&str> {
        self.input.get("name").and_then(Value::as_str)
    }

    fn of(part: ConfigPart, at: usize, value: Value) -> Result<Self, FieldError> {
        let place = format!("{}[{at}]", part.as_str());
        let Value::Object(mut input) = value else {
            return Err(FieldError::new(place, "must be an object"));
        };
        let id = match input.remove("id") {
            None => None,
            Some(id) => {
                let id = id.as_str().and_then(|id| id.parse::<Uuid>().ok());
                let wrong = || FieldError::new(format!("{place}.id"), "must be a UUID");
                Some(id.ok_or_else(wrong)?)
            }
        };
        Ok(Self {
            part,
            place,
            id,
            input,
        })
    }
}

/// Reads a file; all faults of its outline.
pub(super) fn read(form: RuleFileForm, text: &str) -> Result<File, Vec<FieldError>> {
    let whole = |message: String| vec![FieldError::new("", message)];
    let outline: Result<Map<String, Value>, String> = match form {
        RuleFileForm::Json => serde_json::from_str(text).map_err(|error| error.to_string()),
        RuleFileForm::Toml => toml::from_str(text).map_err(|error| error.to_string()),
        RuleFileForm::Yaml => Err("the configuration is a file of TOML or JSON".to_owned()),
    };
    let mut outline = outline.map_err(whole)?;
    if outline.remove("version") != Some(ALERT_CONFIG_VERSION.into()) {
        let message = format!("must be {ALERT_CONFIG_VERSION}, as this version writes it");
        return Err(vec![FieldError::new("version", message)]);
    }
    let (mut file, mut wrong) = (File::default(), Vec::new());
    if let Some(people) = outline.remove("people") {
        match typed("people", people) {
            Ok(people) => file.people = people,
            Err(fault) => wrong.push(fault),
        }
    }
    for part in ConfigPart::ALL {
        if let Some(entries) = outline.remove(part.as_str()) {
            file.take(part, entries, &mut wrong);
        }
    }
    let unknown = outline
        .keys()
        .map(|name| FieldError::new(name, "is not known"));
    wrong.extend(unknown);
    if wrong.is_empty() {
        Ok(file)
    } else {
        Err(wrong)
    }
}

impl File {
    fn take(&mut self, part: ConfigPart, entries: Value, wrong: &mut Vec<FieldError>) {
        let Value::Array(entries) = entries else {
            wrong.push(FieldError::new(part.as_str(), "must be a list"));
            return;
        };
        if entries.len() > MOST {
            let message = format!("must not be more than {MOST}");
            wrong.push(FieldError::new(part.as_str(), message));
            return;
        }
        if part == ConfigPart::Rules {
            self.rules = entries;
            return;
        }
        for (at, value) in entries.into_iter().enumerate() {
            match Entry::of(part, at, value) {
                Ok(entry) => self.entries.push(entry),
                Err(fault) => wrong.push(fault),
            }
        }
    }
}

/// A value as its type; the fault is named by its path below `place`.
pub(super) fn typed<T: DeserializeOwned>(place: &str, value: Value) -> Result<T, FieldError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let field = match path.as_str() {
            "." => place.to_owned(),
            path if path.starts_with('[') => format!("{place}{path}"),
            path => format!("{place}.{path}"),
        };
        FieldError::new(field, error.inner().to_string())
    })
}
