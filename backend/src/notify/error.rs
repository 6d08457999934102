//! Why nothing was done with a channel or a delivery; never an answer.

use common::ids::{ChannelId, DeliveryId, PushSubscriptionId};
use common::problem::FieldError;

use crate::sealed::SealedError;
use crate::store::StoreError;

/// Why nothing was done with a channel.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// There is no such channel.
    #[error("there is no channel {0}")]
    NotFound(ChannelId),
    /// It makes no sense.
    #[error("the channel makes no sense: {0:?}")]
    Invalid(Vec<FieldError>),
    /// Another has the name.
    #[error("another channel is called {0}")]
    NameTaken(String),
    /// There are as many as there may be.
    #[error("there are {limit} channels already")]
    TooMany {
        /// The most.
        limit: i64,
    },
    /// It changed since the caller read it.
    #[error("the channel changed since it was read")]
    Changed,
    /// Its secrets could not be sealed or opened.
    #[error("the secrets of the channel: {0}")]
    Sealed(#[from] SealedError),
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why nothing was done with a browser, or there is no key for browsers.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// There is no such browser of that person.
    #[error("there is no browser {0}")]
    NotFound(PushSubscriptionId),
    /// The subscription makes no sense.
    #[error("the subscription makes no sense: {0:?}")]
    Invalid(FieldError),
    /// The person has as many browsers as one may have.
    #[error("already {limit} browsers")]
    TooMany {
        /// The most that one may have.
        limit: usize,
    },
    /// Address, keys or the server's own key could not be sealed or opened.
    #[error("what is kept of browsers: {0}")]
    Sealed(#[from] SealedError),
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why nothing was done with a delivery.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// There is no such delivery.
    #[error("there is no delivery {0}")]
    NotFound(DeliveryId),
    /// It is still tried.
    #[error("the delivery {0} is still tried")]
    Due(DeliveryId),
    /// The receiver has it.
    #[error("the delivery {0} has arrived")]
    Delivered(DeliveryId),
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
