//! Why the server closes a live connection; never the closing itself.

/// Close codes of the live connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// The client closed.
    Normal,
    /// The server stops: come back soon.
    GoingAway,
    /// What came was no WebSocket frame.
    Protocol,
    /// A frame was too large.
    TooLarge,
    /// Not authenticated in time, or the credential is no good.
    NotAuthenticated,
    /// The session or the role no longer allows it.
    NotAllowed,
    /// The client does not read.
    TooSlow,
    /// Too many connections or messages.
    TooMany,
}

impl CloseCode {
    /// The number on the wire.
    pub const fn code(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::GoingAway => 1001,
            Self::Protocol => 1002,
            Self::TooLarge => 1009,
            Self::NotAuthenticated => 4401,
            Self::NotAllowed => 4403,
            Self::TooSlow => 4408,
            Self::TooMany => 4429,
        }
    }

    /// The reason in words, for the close frame.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Normal => "closed",
            Self::GoingAway => "going away",
            Self::Protocol => "protocol error",
            Self::TooLarge => "frame too large",
            Self::NotAuthenticated => "not authenticated",
            Self::NotAllowed => "not allowed any more",
            Self::TooSlow => "too slow",
            Self::TooMany => "too many",
        }
    }
}
