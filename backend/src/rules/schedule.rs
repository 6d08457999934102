//! When a rule that does not follow samples is evaluated: on its interval, at a moment of its own in it;
//! never a clock.

use common::ids::RuleId;
use common::time::UnixMs;

/// The moment in its interval at which a rule is evaluated, milliseconds: rules are spread over it.
pub fn offset_ms(rule: RuleId, interval_seconds: u32) -> i64 {
    // The end of an id is random.
    let random = u32::try_from(rule.0.as_u128() & 0xffff_ffff).unwrap_or(0);
    i64::from(random) % interval_ms(interval_seconds)
}

/// Whether a moment of evaluation lies after `last` and not after `now`; a clock that was set back
/// begins anew.
pub fn is_due(offset_ms: i64, interval_seconds: u32, last: Option<UnixMs>, now: UnixMs) -> bool {
    let turn = |at: UnixMs| (at.0 - offset_ms).div_euclid(interval_ms(interval_seconds));
    last.is_none_or(|last| turn(last) != turn(now))
}

fn interval_ms(seconds: u32) -> i64 {
    i64::from(seconds.max(1)) * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_rule_has_its_turn_once_an_interval() {
        let mut spread = std::collections::BTreeSet::new();
        for id in 0..50_u128 {
            let rule = RuleId(Uuid::from_u128(id * 7_919));
            let offset = offset_ms(rule, 15);
            spread.insert(offset / 1_000);
            let (mut last, mut turns) = (Some(UnixMs(0)), 0);
            for second in 1..=150 {
                let now = UnixMs(second * 1_000);
                if is_due(offset, 15, last, now) {
                    last = Some(now);
                    turns += 1;
                }
            }
            assert_eq!(turns, 10, "{id}");
        }
        assert!(spread.len() > 10, "{spread:?}");
        assert!(
            is_due(0, 15, None, UnixMs(7)),
            "the first turn waits for nothing"
        );
        assert!(
            is_due(0, 15, Some(UnixMs(90_000)), UnixMs(10_000)),
            "the clock went back"
        );
    }
}
