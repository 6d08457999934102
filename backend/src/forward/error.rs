//! Why sending did not begin, or stopped for a while; never what a receiver said.

use crate::egress::EgressError;
use crate::query::QueryError;
use crate::store::StoreError;

/// Why sending did not begin, or stopped for a while.
#[derive(Debug, thiserror::Error)]
pub enum ForwardError {
    /// Two receivers have the same name.
    #[error("two receivers of `remote_write` are called \"{0}\": give each a name of its own")]
    NameTwice(String),
    /// A receiver cannot be connected to as it is set.
    #[error("`remote_write` \"{name}\": {source}")]
    Connection {
        /// The receiver.
        name: String,
        /// Why.
        source: EgressError,
    },
    /// A header of a receiver cannot be sent.
    #[error("`remote_write` \"{name}\": the header \"{header}\" cannot be sent")]
    Header {
        /// The receiver.
        name: String,
        /// The header.
        header: String,
    },
    /// What is stored could not be read, or how far it was sent not be written down.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was missed could not be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The server stops.
    #[error("the server is stopping")]
    Stopping,
}
