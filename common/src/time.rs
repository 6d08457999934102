//! Moments as milliseconds since the epoch; never reads a clock.

mod rfc3339;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
/// In JSON an RFC 3339 text in UTC with milliseconds, in postcard an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixMs(pub i64);

impl UnixMs {
    /// This moment moved by `ms` milliseconds, saturating.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative when it lies after.
    pub fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment as RFC 3339 in UTC, always with three decimals.
    pub fn to_rfc3339(self) -> String {
        rfc3339::write(self.0)
    }

    /// Reads RFC 3339 with any offset, or milliseconds since the epoch.
    /// `None` when the text is neither.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(ms) = text.parse() {
            return Some(Self(ms));
        }
        rfc3339::read(text).map(Self)
    }
}

impl std::fmt::Display for UnixMs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl Serialize for UnixMs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for UnixMs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(ReadableTime)
        } else {
            i64::deserialize(deserializer).map(Self)
        }
    }
}

/// Takes RFC 3339 text or a number of milliseconds, as the API promises for requests.
struct ReadableTime;

impl de::Visitor<'_> for ReadableTime {
    type Value = UnixMs;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an RFC 3339 time or milliseconds since the epoch")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<UnixMs, E> {
        UnixMs::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_i64<E: de::Error>(self, ms: i64) -> Result<UnixMs, E> {
        Ok(UnixMs(ms))
    }

    fn visit_u64<E: de::Error>(self, ms: u64) -> Result<UnixMs, E> {
        i64::try_from(ms)
            .map(UnixMs)
            .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(ms), &self))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for UnixMs {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(
                utoipa::openapi::KnownFormat::DateTime,
            )))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for UnixMs {}

#[cfg(test)]
mod tests {
    use super::UnixMs;

    #[test]
    fn times_are_read_and_written() {
        for (text, ms) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-01-02T03:04:05.678Z", 1_767_323_045_678),
            ("2026-01-02T04:04:05.678+01:00", 1_767_323_045_678),
            ("1767323045678", 1_767_323_045_678),
        ] {
            assert_eq!(UnixMs::parse(text), Some(UnixMs(ms)), "{text}");
        }
        assert_eq!(UnixMs::parse("yesterday"), None);
        assert_eq!(UnixMs(0).to_rfc3339(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn json_is_text_and_postcard_is_a_number() {
        let at = UnixMs(1_767_323_045_678);
        let json = serde_json::to_string(&at).unwrap();
        assert_eq!(json, "\"2026-01-02T03:04:05.678Z\"");
        assert_eq!(serde_json::from_str::<UnixMs>(&json).unwrap(), at);
        let bytes = postcard::to_allocvec(&at).unwrap();
        assert_eq!(postcard::from_bytes::<UnixMs>(&bytes).unwrap(), at);
    }
}
