//! The outbox: intents to deliveries to channels; never decides whether an alert fires.
