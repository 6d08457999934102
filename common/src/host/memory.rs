//! Memory and swap readings; never their limits.

use serde::{Deserialize, Serialize};

/// Main memory in bytes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Memory {
    /// All that the kernel manages.
    pub total_bytes: u64,
    /// `total − available`: what programs could not get without swapping.
    pub used_bytes: u64,
    /// What programs can still get without swapping.
    pub available_bytes: u64,
    /// `used ÷ total`, 0 to 100; `None` when the total is 0.
    pub percent: Option<f64>,
    /// Not used for anything; `None` where it is not told.
    pub free_bytes: Option<u64>,
    /// Page cache; `None` where it is not told.
    pub cached_bytes: Option<u64>,
    /// Buffers of block devices; `None` where they are not told.
    pub buffers_bytes: Option<u64>,
}

/// Swap space in bytes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Swap {
    /// All swap space; 0 on a host without swap.
    pub total_bytes: u64,
    /// In use.
    pub used_bytes: u64,
    /// Not in use.
    pub free_bytes: u64,
    /// `used ÷ total`, 0 to 100; `None` on a host without swap.
    pub percent: Option<f64>,
}
