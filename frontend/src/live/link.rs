//! How the live connection stands, as people are told; never how it is made.

/// The state of the live connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Link {
    /// The first connection is being made.
    Connecting,
    /// Messages flow.
    Live {
        /// There and back, in milliseconds; `None` before the first measurement.
        delay_ms: Option<f64>,
    },
    /// It was lost a moment ago and is being made again.
    Reconnecting,
    /// It has been lost for a while; it is still tried.
    Offline,
}

impl Link {
    /// Whether messages flow.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live { .. })
    }

    /// Whether it was lost, so that what is shown grows old.
    pub const fn is_lost(self) -> bool {
        matches!(self, Self::Reconnecting | Self::Offline)
    }
}
