//! How channels did, from what passed through them; pure, never a row.

use std::collections::BTreeMap;

use common::api::deliveries::{ChannelStatistics, DeliveryState};
use common::ids::ChannelId;

use crate::store::tables::delivery_log::{Passed, Taken};

/// One channel while it is counted.
#[derive(Debug, Default)]
struct Counted {
    name: Option<String>,
    by_state: [u32; 4],
    delays_ms: Vec<i64>,
    taken_ms: Vec<i64>,
}

/// The channels, the inboxes first, without their last attempts. `passed` has the youngest first.
pub(super) fn of(passed: Vec<Passed>, taken: Vec<Taken>) -> Vec<ChannelStatistics> {
    let mut channels: BTreeMap<Option<ChannelId>, Counted> = BTreeMap::new();
    for one in passed {
        let counted = channels.entry(one.channel_id.map(|id| id.0)).or_default();
        if counted.name.is_none() {
            counted.name = one.channel_name;
        }
        let state = one.state.0;
        counted.by_state[index(state)] += 1;
        if let (DeliveryState::Delivered, Some(ended)) = (state, one.ended_at) {
            counted.delays_ms.push(ended.0.since_ms(one.changed_at.0));
        }
    }
    for (channel, arrived, taken) in taken {
        if let (Some(arrived), Some(taken)) = (arrived, taken)
            && let Some(counted) = channels.get_mut(&channel.map(|id| id.0))
        {
            counted.taken_ms.push(taken.0.since_ms(arrived.0));
        }
    }
    let each = channels.into_iter();
    each.map(|(channel, counted)| shown(channel, counted))
        .collect()
}

fn index(state: DeliveryState) -> usize {
    match state {
        DeliveryState::Due => 0,
        DeliveryState::Delivered => 1,
        DeliveryState::Dead => 2,
        DeliveryState::Dropped => 3,
    }
}

fn shown(channel: Option<ChannelId>, mut counted: Counted) -> ChannelStatistics {
    let [waiting, delivered, failed, dropped] = counted.by_state;
    counted.delays_ms.sort_unstable();
    counted.taken_ms.sort_unstable();
    ChannelStatistics {
        channel,
        channel_name: counted.name,
        sent: waiting + delivered + failed + dropped,
        delivered,
        failed,
        dropped,
        waiting,
        delay_p50_ms: rank(&counted.delays_ms, 50),
        delay_p99_ms: rank(&counted.delays_ms, 99),
        acknowledged_p50_seconds: rank(&counted.taken_ms, 50).map(seconds),
        last: None,
    }
}

/// The smallest of sorted values that as many percent do not exceed; `None` of none.
fn rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let at = (sorted.len() * percent).div_ceil(100);
    sorted.get(at.saturating_sub(1)).copied()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nobody takes an alert after thousands of years"
)]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use common::time::UnixMs;
    use uuid::Uuid;

    use super::*;
    use crate::store::tables::{Blob, Moment, Word};

    #[test]
    fn channels_are_counted_apart() {
        let mail = ChannelId(Uuid::from_u128(1));
        let passed = |state, delay: Option<i64>| Passed {
            channel_id: Some(Blob(mail)),
            channel_name: Some("mail".to_owned()),
            state: Word(state),
            changed_at: Moment(UnixMs(1_000)),
            ended_at: delay.map(|delay| Moment(UnixMs(1_000 + delay))),
        };
        let mut all: Vec<_> = (1..=100)
            .map(|delay| passed(DeliveryState::Delivered, Some(delay)))
            .collect();
        all.push(passed(DeliveryState::Dead, Some(90_000)));
        all.push(passed(DeliveryState::Due, None));
        let inbox = Passed {
            channel_id: None,
            channel_name: None,
            ..passed(DeliveryState::Delivered, Some(0))
        };
        all.push(inbox);
        let taken = (
            Some(Blob(mail)),
            Some(Moment(UnixMs(2_000))),
            Some(Moment(UnixMs(5_500))),
        );
        let statistics = of(all, vec![taken]);
        assert_eq!(statistics[0].channel, None);
        assert_eq!((statistics[0].sent, statistics[0].delivered), (1, 1));
        let expected = ChannelStatistics {
            channel: Some(mail),
            channel_name: Some("mail".to_owned()),
            sent: 102,
            delivered: 100,
            failed: 1,
            dropped: 0,
            waiting: 1,
            delay_p50_ms: Some(50),
            delay_p99_ms: Some(99),
            acknowledged_p50_seconds: Some(3.5),
            last: None,
        };
        assert_eq!(statistics[1..], [expected]);
        assert_eq!(of(Vec::new(), Vec::new()), []);
    }
}
