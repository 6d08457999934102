//! Why nothing was done with a channel or a delivery; never an answer.

use common::ids::{ChannelId, DeliveryId};
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
