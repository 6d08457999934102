//! Links in messages; what they open stands in the messages alone.

use serde::{Deserialize, Serialize};

/// Query of `GET|POST /links/acknowledge` and `/links/unsubscribe`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LinkQuery {
    /// As it stands in the message.
    #[serde(default)]
    pub token: String,
}
