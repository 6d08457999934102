//! How one person wants to see things; never what the server does.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// `GET|PUT /auth/me/settings`: one's own preferences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// The colours.
    #[serde(default)]
    pub theme: Theme,
    /// IANA name of the time zone (`Europe/Berlin`); `None`: that of the browser.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The language of messages to this person, where their template has it; `None`: its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub locale: Option<Language>,
    /// How bytes are counted.
    #[serde(default)]
    pub units: ByteUnits,
    /// What opens after the login.
    #[serde(default)]
    pub start_page: StartPage,
}

/// The colours of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How bytes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ByteUnits {
    /// 1 KiB = 1024 bytes.
    #[default]
    Binary,
    /// 1 kB = 1000 bytes.
    Decimal,
}

/// The page that opens after the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StartPage {
    /// All servers.
    #[default]
    Overview,
    /// The first server's own page.
    Server,
    /// Active alerts.
    Alerts,
}

macro_rules! names {
    ($($type:ident { $($id:ident $name:literal),* })*) => {$(
        impl $type {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$id),*];

            /// The value's name in JSON and in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => $name),* }
            }

            /// The value of that name; `None` when there is none.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    )*};
}

names! {
    Theme { System "system", Light "light", Dark "dark" }
    ByteUnits { Binary "binary", Decimal "decimal" }
    StartPage { Overview "overview", Server "server", Alerts "alerts" }
}
