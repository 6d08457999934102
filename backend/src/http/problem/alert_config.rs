//! What a refused configuration of alerting becomes; without a catch-all arm.

use actix_web::http::StatusCode;

use super::Problem;
use crate::notify::config_file::ConfigError;

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Invalid(errors) => Self::fields(errors),
            ConfigError::Changed => Self::new(
                StatusCode::CONFLICT,
                "The configuration was changed while the file was read. Send it again.",
            ),
            ConfigError::OutOfScope => Self::new(
                StatusCode::FORBIDDEN,
                "The whole configuration is for those who see every server.",
            ),
            ConfigError::Channel(error) => error.into(),
            ConfigError::Book(error) => error.into(),
            ConfigError::Rule(error) => error.into(),
            ConfigError::Store(error) => error.into(),
            ConfigError::Tried(_) | ConfigError::NotWritten(_) => Self::internal(error),
        }
    }
}
