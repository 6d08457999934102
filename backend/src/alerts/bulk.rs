//! One act on several alerts, each for itself; never all or nothing.

use common::alert::Alert;
use common::api::alerts::{BulkAction, BulkRequest};
use common::ids::AlertId;

use super::action::Act;
use super::error::AlertError;
use super::handle::Alerts;
use crate::auth::{Allowed, may};

/// Most alerts of one request.
const MOST: usize = 500;

/// What became of one alert.
pub type Acted = (AlertId, Result<Alert, AlertError>);

impl Alerts {
    /// Does the same to each alert, in their order. What would be refused for every one of them is
    /// refused at once.
    pub async fn act_on_all(
        &self,
        may: &Allowed<may::AlertsAct>,
        request: BulkRequest,
    ) -> Result<Vec<Acted>, AlertError> {
        if request.ids.len() > MOST {
            return Err(AlertError::TooMany { limit: MOST });
        }
        let act = match request.action {
            BulkAction::Acknowledge => Act::Acknowledge,
            BulkAction::Resolve => Act::Resolve,
            BulkAction::Comment => Act::Comment,
            BulkAction::Assign => Act::Assign(request.user_id),
        };
        let mut done = Vec::with_capacity(request.ids.len());
        for id in request.ids {
            match self.act(may, id, act, request.comment.clone()).await {
                Err(
                    error @ (AlertError::CommentTooLong { .. }
                    | AlertError::NothingSaid
                    | AlertError::NoSuchPerson(_)
                    | AlertError::Stopped),
                ) => return Err(error),
                outcome => done.push((id, outcome)),
            }
        }
        Ok(done)
    }
}
