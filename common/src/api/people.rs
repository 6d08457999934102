//! Who else has a login, for assigning and naming; never more than a name.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;

/// A person, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The person's id.
    pub id: UserId,
    /// The name to show.
    pub display_name: String,
}
