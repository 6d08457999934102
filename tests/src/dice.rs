//! Numbers that look like chance and come again with their seed; never a secret.

use std::time::SystemTime;

/// A source of numbers.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Numbers of `WATCHPOST_SEED` when that is set, else others each time. Says which: a failure
    /// is repeated with it.
    pub fn seeded() -> Self {
        let given = std::env::var("WATCHPOST_SEED").ok();
        let given = given.and_then(|seed| seed.parse().ok());
        let seed: u64 = given.unwrap_or_else(|| {
            let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
            u64::from(now.subsec_nanos()) ^ now.as_secs()
        });
        eprintln!("WATCHPOST_SEED={seed}");
        Self(seed)
    }

    /// Numbers of that seed.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A source of its own for a part of the work.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.next())
    }

    /// A number below `most`, which is not 0.
    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// One of these.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let place = usize::try_from(self.next()).unwrap_or_default() % all.len();
        &all[place]
    }

    /// Steele, Lea and Flood's `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
