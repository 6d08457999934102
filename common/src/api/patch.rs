//! A field of a PATCH that may be left alone, cleared or set; never which fields those are.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a PATCH says about one field. Always with
/// `#[serde(default, skip_serializing_if = "Patch::is_keep")]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The field was absent: it stays.
    #[default]
    Keep,
    /// The field was `null`: it is emptied.
    Clear,
    /// The field has a new value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether nothing is said about the field.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The field's value after this change.
    pub fn over(self, now: Option<T>) -> Option<T> {
        match self {
            Self::Keep => now,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::Patch;
    use crate::api::users::UserPatch;

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        for (json, patch, after) in [
            ("{}", Patch::Keep, Some("old")),
            (r#"{"email":null}"#, Patch::Clear, None),
            (
                r#"{"email":"new"}"#,
                Patch::Set("new".to_owned()),
                Some("new"),
            ),
        ] {
            let read: UserPatch = serde_json::from_str(json).unwrap();
            assert_eq!(read.email, patch, "{json}");
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
            assert_eq!(read.email.over(Some("old".to_owned())).as_deref(), after);
        }
    }
}
