//! The two encodings of one message type: postcard for the own dashboard, tagged JSON for everybody else.
//! Never a second list of messages: both come from one macro, because postcard cannot read tagged enums.

use std::borrow::Cow;

use serde::{Serialize, de::DeserializeOwned};

/// Defines a message enum that postcard writes by position, and its JSON mirror
/// (`{"type":"<variant>",…}`) from the same text.
macro_rules! wire_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $(
                $(#[$variant_doc:meta])*
                $variant:ident { $( $(#[$field_doc:meta])* $field:ident : $type:ty, )* },
            )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_doc])* $variant { $( $(#[$field_doc])* $field: $type, )* }, )*
        }

        /// The same message as JSON sees it.
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        enum Tagged<'a> {
            $( $variant { $( $field: std::borrow::Cow<'a, $type>, )* }, )*
        }

        impl $crate::live::wire::Wire for $name {
            const TYPES: usize = [$(stringify!($variant)),*].len();

            fn to_json(&self) -> Result<Vec<u8>, $crate::live::WireError> {
                let tagged = match self {
                    $( Self::$variant { $( $field, )* } => Tagged::$variant {
                        $( $field: std::borrow::Cow::Borrowed($field), )*
                    }, )*
                };
                serde_json::to_vec(&tagged).map_err($crate::live::WireError::new)
            }

            fn from_json(bytes: &[u8]) -> Result<Self, $crate::live::WireError> {
                let tagged = serde_json::from_slice(bytes).map_err($crate::live::WireError::new)?;
                Ok(match tagged {
                    $( Tagged::$variant { $( $field, )* } => Self::$variant {
                        $( $field: $field.into_owned(), )*
                    }, )*
                })
            }
        }
    };
}
pub(super) use wire_enum;

/// A message that has both encodings.
pub trait Wire: Serialize + DeserializeOwned {
    /// How many types of message there are.
    const TYPES: usize;

    /// Writes the tagged JSON form.
    fn to_json(&self) -> Result<Vec<u8>, WireError>;
    /// Reads the tagged JSON form.
    fn from_json(bytes: &[u8]) -> Result<Self, WireError>;
}

/// How messages are written on a connection, as its subprotocol names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Text frames, `{"type":…}`.
    Json,
    /// Binary frames, the own dashboard's.
    Postcard,
}

impl Encoding {
    /// Both, in no order of preference: the client's order decides.
    pub const ALL: [Self; 2] = [Self::Json, Self::Postcard];

    /// The WebSocket subprotocol.
    pub const fn protocol(self) -> &'static str {
        match self {
            Self::Json => "watchpost.v1.json",
            Self::Postcard => "watchpost.v1.postcard",
        }
    }

    /// The encoding of a subprotocol; `None` when it is not ours.
    pub fn from_protocol(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.protocol() == name)
    }

    /// Writes a message.
    pub fn encode<M: Wire>(self, message: &M) -> Result<Vec<u8>, WireError> {
        match self {
            Self::Json => message.to_json(),
            Self::Postcard => postcard::to_allocvec(message).map_err(WireError::new),
        }
    }

    /// Reads a message.
    pub fn decode<M: Wire>(self, bytes: &[u8]) -> Result<M, WireError> {
        match self {
            Self::Json => M::from_json(bytes),
            Self::Postcard => postcard::from_bytes(bytes).map_err(WireError::new),
        }
    }
}

/// A frame that is no message: what the decoder said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireError(Cow<'static, str>);

impl WireError {
    /// Keeps what the decoder said.
    pub(super) fn new(error: impl std::fmt::Display) -> Self {
        Self(error.to_string().into())
    }
}

impl std::fmt::Display for WireError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WireError {}
