//! How channels, templates and messages to one person did, from what passed; pure, never a row.

use std::collections::BTreeMap;

use common::api::deliveries::{ChannelStatistics, DeliveryFigures, DeliveryState};
use common::ids::{ChannelId, TemplateId, UserId};

use crate::store::tables::delivery_log::{Passed, Taken};

/// What passed, the youngest first, and the alerts that were taken after it.
pub(super) type Week = (Vec<Passed>, Vec<Taken>);

/// One channel, template or person while it is counted.
#[derive(Debug, Default)]
struct Counted {
    by_state: [u32; 4],
    delays_ms: Vec<i64>,
    taken_ms: Vec<i64>,
}

/// The channels, the inboxes first, without their last attempts.
pub(super) fn channels((passed, taken): &Week) -> Vec<ChannelStatistics> {
    let figures = figures(
        passed.iter().map(|it| (it.channel_id.map(|id| id.0), it)),
        taken.iter().map(|it| (it.channel_id.map(|id| id.0), it)),
    );
    let name = |channel: Option<ChannelId>| {
        let mut own = passed.iter();
        let newest = own.find(|it| it.channel_id.map(|id| id.0) == channel)?;
        newest.channel_name.clone()
    };
    let each = figures.into_iter();
    each.map(|(channel, figures)| ChannelStatistics {
        channel,
        channel_name: name(channel),
        figures,
        last: None,
    })
    .collect()
}

/// The templates that were sent.
pub(super) fn templates((passed, taken): &Week) -> BTreeMap<TemplateId, DeliveryFigures> {
    figures(
        passed.iter().filter_map(|it| Some((it.template_id?.0, it))),
        taken.iter().filter_map(|it| Some((it.template_id?.0, it))),
    )
}

/// The people for whom alone messages went to channels; what others took does not count for them.
pub(super) fn people((passed, taken): &Week) -> BTreeMap<UserId, DeliveryFigures> {
    let own = taken.iter().filter(|it| it.acknowledged_by == it.person_id);
    figures(
        passed.iter().filter_map(|it| Some((it.person_id?.0, it))),
        own.filter_map(|it| Some((it.person_id?.0, it))),
    )
}

fn figures<'a, K: Ord>(
    passed: impl Iterator<Item = (K, &'a Passed)>,
    taken: impl Iterator<Item = (K, &'a Taken)>,
) -> BTreeMap<K, DeliveryFigures> {
    let mut all: BTreeMap<K, Counted> = BTreeMap::new();
    for (key, one) in passed {
        let counted = all.entry(key).or_default();
        let state = one.state.0;
        counted.by_state[index(state)] += 1;
        if let (DeliveryState::Delivered, Some(ended)) = (state, one.ended_at) {
            counted.delays_ms.push(ended.0.since_ms(one.changed_at.0));
        }
    }
    for (key, one) in taken {
        if let (Some(arrived), Some(taken)) = (one.ended_at, one.acknowledged_at)
            && let Some(counted) = all.get_mut(&key)
        {
            counted.taken_ms.push(taken.0.since_ms(arrived.0));
        }
    }
    let each = all.into_iter();
    each.map(|(key, counted)| (key, shown(counted))).collect()
}

fn index(state: DeliveryState) -> usize {
    match state {
        DeliveryState::Due => 0,
        DeliveryState::Delivered => 1,
        DeliveryState::Dead => 2,
        DeliveryState::Dropped => 3,
    }
}

fn shown(mut counted: Counted) -> DeliveryFigures {
    let [waiting, delivered, failed, dropped] = counted.by_state;
    counted.delays_ms.sort_unstable();
    counted.taken_ms.sort_unstable();
    DeliveryFigures {
        sent: waiting + delivered + failed + dropped,
        delivered,
        failed,
        dropped,
        waiting,
        delay_p50_ms: rank(&counted.delays_ms, 50),
        delay_p99_ms: rank(&counted.delays_ms, 99),
        acknowledged_p50_seconds: rank(&counted.taken_ms, 50).map(seconds),
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

    const MAIL: ChannelId = ChannelId(Uuid::from_u128(1));
    const SHORT: TemplateId = TemplateId(Uuid::from_u128(2));
    const ADA: UserId = UserId(Uuid::from_u128(3));
    const BOB: UserId = UserId(Uuid::from_u128(4));

    fn passed(state: DeliveryState, delay: Option<i64>) -> Passed {
        Passed {
            channel_id: Some(Blob(MAIL)),
            channel_name: Some("mail".to_owned()),
            state: Word(state),
            changed_at: Moment(UnixMs(1_000)),
            ended_at: delay.map(|delay| Moment(UnixMs(1_000 + delay))),
            template_id: None,
            person_id: None,
        }
    }

    fn taken(at: i64) -> Taken {
        Taken {
            channel_id: Some(Blob(MAIL)),
            template_id: None,
            person_id: None,
            ended_at: Some(Moment(UnixMs(2_000))),
            acknowledged_at: Some(Moment(UnixMs(at))),
            acknowledged_by: Some(Blob(ADA)),
        }
    }

    #[test]
    fn channels_are_counted_apart() {
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
        let week = (all, vec![taken(5_500)]);
        let statistics = channels(&week);
        assert_eq!(statistics[0].channel, None);
        let inboxes = &statistics[0].figures;
        assert_eq!((inboxes.sent, inboxes.delivered), (1, 1));
        let expected = ChannelStatistics {
            channel: Some(MAIL),
            channel_name: Some("mail".to_owned()),
            figures: DeliveryFigures {
                sent: 102,
                delivered: 100,
                failed: 1,
                dropped: 0,
                waiting: 1,
                delay_p50_ms: Some(50),
                delay_p99_ms: Some(99),
                acknowledged_p50_seconds: Some(3.5),
            },
            last: None,
        };
        assert_eq!(statistics[1..], [expected]);
        assert_eq!(channels(&(Vec::new(), Vec::new())), []);
        assert!(templates(&week).is_empty() && people(&week).is_empty());
    }

    #[test]
    fn templates_and_people_have_figures_of_their_own() {
        let of = |template, person| Passed {
            template_id: template,
            person_id: person,
            ..passed(DeliveryState::Delivered, Some(10))
        };
        let (short, ada, bob) = (Some(Blob(SHORT)), Some(Blob(ADA)), Some(Blob(BOB)));
        let all = vec![of(short, ada), of(short, None), of(None, bob)];
        // Ada took what she was told of; what she took counts for nobody else.
        let taken = |person_id, at| Taken {
            template_id: short,
            person_id,
            ..taken(at)
        };
        let week = (all, vec![taken(ada, 3_000), taken(bob, 9_000)]);
        let templates = templates(&week);
        let short = &templates[&SHORT];
        assert_eq!((short.sent, templates.len()), (2, 1));
        assert_eq!(short.acknowledged_p50_seconds, Some(1.0));
        let people = people(&week);
        assert_eq!(people[&ADA].acknowledged_p50_seconds, Some(1.0));
        assert_eq!(people[&BOB].acknowledged_p50_seconds, None);
        assert_eq!((people[&ADA].delivered, people[&BOB].delivered), (1, 1));
    }
}
