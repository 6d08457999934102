//! Slows down guessing: per account and address, and per address; never a lock for others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use super::secret;

/// Wrong passwords that cost nothing, for one account from one address.
const FREE_FOR_ACCOUNT: u32 = 5;
/// The same for one address, whatever the account.
const FREE_FOR_ADDRESS: u32 = 50;
/// The longest wait.
const LONGEST: Duration = Duration::from_mins(5);
/// Failures older than this are forgotten.
const MEMORY: Duration = Duration::from_mins(15);
/// How many places are remembered; the oldest gives way.
const PLACES: usize = 10_000;

/// Failures of late.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    places: HashMap<Place, Failures>,
}

/// Where failures are counted. Names are hashed: they are of any length, and often passwords.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    Account([u8; 32], Option<IpAddr>),
    Address(Option<IpAddr>),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Duration,
}

impl Failures {
    /// Whether they are remembered still.
    fn count_at(&self, now: Duration) -> bool {
        self.last + MEMORY > now
    }
}

impl Backoff {
    /// How long the next attempt has to wait; `None` when it may come now.
    pub(super) fn wait(
        &self,
        account: &str,
        address: Option<IpAddr>,
        now: Duration,
    ) -> Option<Duration> {
        places(account, address)
            .into_iter()
            .filter_map(|(place, free)| {
                let failures = self.places.get(&place).filter(|f| f.count_at(now))?;
                let over = failures.count.checked_sub(free)?;
                let wait = Duration::from_secs(1 << over.min(9)).min(LONGEST);
                (failures.last + wait).checked_sub(now)
            })
            .filter(|wait| !wait.is_zero())
            .max()
    }

    /// Counts a wrong password.
    pub(super) fn failed(&mut self, account: &str, address: Option<IpAddr>, now: Duration) {
        self.forget(now);
        for (place, _) in places(account, address) {
            let failures = self.places.entry(place).or_insert(Failures {
                count: 0,
                last: now,
            });
            if !failures.count_at(now) {
                failures.count = 0;
            }
            failures.count = failures.count.saturating_add(1);
            failures.last = now;
        }
    }

    /// The right password clears the account's own count from this address, not the address's.
    pub(super) fn succeeded(&mut self, account: &str, address: Option<IpAddr>) {
        self.places.remove(&account_place(account, address));
    }

    /// Makes room when it is full.
    fn forget(&mut self, now: Duration) {
        if self.places.len() < PLACES {
            return;
        }
        self.places.retain(|_, failures| failures.count_at(now));
        // Of two that come, the one that went to make room may be one.
        while self.places.len() >= PLACES {
            let oldest = self.places.iter().min_by_key(|(_, failures)| failures.last);
            let Some(place) = oldest.map(|(place, _)| place.clone()) else {
                return;
            };
            self.places.remove(&place);
        }
    }
}

fn account_place(account: &str, address: Option<IpAddr>) -> Place {
    Place::Account(secret::hash(account.as_bytes()), address)
}

fn places(account: &str, address: Option<IpAddr>) -> [(Place, u32); 2] {
    [
        (account_place(account, address), FREE_FOR_ACCOUNT),
        (Place::Address(address), FREE_FOR_ADDRESS),
    ]
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)));
    const THERE: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)));
    const START: Duration = Duration::from_hours(1);

    fn after(failures: u32) -> Backoff {
        let mut backoff = Backoff::default();
        for _ in 0..failures {
            backoff.failed("ann", HERE, START);
        }
        backoff
    }

    #[test]
    fn the_wait_doubles_after_the_free_failures() {
        for (failures, seconds) in [
            (0, None),
            (4, None),
            (5, Some(1)),
            (6, Some(2)),
            (9, Some(16)),
            (14, Some(300)),
            (1_000, Some(300)),
        ] {
            let wait = after(failures).wait("ann", HERE, START);
            assert_eq!(wait, seconds.map(Duration::from_secs), "{failures}");
        }
    }

    #[test]
    fn others_are_not_locked_out() {
        let backoff = after(20);
        assert!(backoff.wait("ann", HERE, START).is_some());
        assert!(backoff.wait("ann", THERE, START).is_none());
        assert!(backoff.wait("bob", HERE, START).is_none());
        assert!(after(60).wait("bob", HERE, START).is_some());
    }

    #[test]
    fn time_and_success_clear_it() {
        let mut backoff = after(6);
        let later = |seconds| START + Duration::from_secs(seconds);
        assert!(backoff.wait("ann", HERE, later(1)).is_some());
        assert!(backoff.wait("ann", HERE, later(2)).is_none());
        backoff.succeeded("ann", HERE);
        assert!(backoff.wait("ann", HERE, START).is_none());
        let mut backoff = after(20);
        backoff.failed("bob", THERE, START + MEMORY);
        assert!(backoff.wait("ann", HERE, START + MEMORY).is_none());
    }

    #[test]
    fn it_remembers_a_bounded_number_of_places() {
        let mut backoff = Backoff::default();
        for number in 0..PLACES + 100 {
            backoff.failed(&number.to_string(), HERE, START);
        }
        assert!(backoff.places.len() <= PLACES + 2);
    }
}
