//! Packs of lists: exact for any list, small for those of real hosts, and never wrong when damaged.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::store::metrics::processes::{list, order};

fn bits() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        Just(0.0),
        Just(-0.0),
        Just(f64::NAN),
        Just(f64::INFINITY),
        // What the kernel's counters come down to.
        (0_u32..500).prop_map(|ticks| f64::from(ticks) / 5.000_123_456),
        (0_u32..9_000_000).prop_map(|hundredths| 1.7e9 + f64::from(hundredths) / 100.0),
    ]
}

fn process() -> impl Strategy<Value = Process> {
    let word = prop_oneof!["[a-z]{0,4}", any::<String>()];
    let user = prop::option::of("[a-c]");
    let count = prop::option::of(prop_oneof![0_u32..9, any::<u32>()]);
    let of_memory = (any::<u64>(), prop::option::of(bits()), any::<u64>());
    let reading = prop::option::of(bits());
    let start = prop::option::of(bits());
    let counts = (count.clone(), count);
    (0_u32..12, word, user, reading, of_memory, counts, start).prop_map(
        |(pid, name, user, cpu_percent, memory, counts, started_at_seconds)| Process {
            pid,
            name,
            user,
            cpu_percent,
            memory_bytes: memory.0,
            memory_percent: memory.1,
            virtual_bytes: memory.2,
            threads: counts.0,
            open_files: counts.1,
            started_at_seconds,
        },
    )
}

/// Lists as bytes that tell every bit.
fn exact(lists: &[List]) -> Vec<(i64, Vec<u8>)> {
    let lists = lists.iter();
    lists
        .map(|(at, list)| (*at, list::encode(list).unwrap()))
        .collect()
}

proptest! {
    #[test]
    fn any_lists_come_back_bit_for_bit(lists in prop::collection::btree_map(
        any::<i64>(),
        prop::collection::vec(process(), 0..14),
        0..12,
    )) {
        let lists: Vec<List> = lists.into_iter().collect();
        let read = decode(&encode(&lists).unwrap()).unwrap();
        prop_assert_eq!(exact(&read), exact(&lists));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(decode(&bytes).is_err());
        let crc = crc32fast::hash(&bytes).to_le_bytes();
        drop(decode(&[&[VERSION][..], &crc, &bytes].concat()));
    }

    #[test]
    fn any_columns_are_read_or_refused(columns in prop::collection::vec(
        prop::collection::vec(-2_i64..5, 0..9),
        0..22,
    )) {
        let mut stored = Stored {
            words: vec!["one".to_owned(), "two".to_owned()],
            ..Stored::default()
        };
        for column in &columns {
            stored.add(column);
        }
        let stored = postcard::to_allocvec(&stored).unwrap();
        let crc = crc32fast::hash(&stored).to_le_bytes();
        drop(decode(&[&[VERSION][..], &crc, &stored].concat()));
    }
}

/// Numbers that look like chance and are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % most
    }

    fn hits(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// The lists of five minutes of a host: mostly asleep, some busy, some that come and go.
fn window(processes: usize, kept: usize) -> Vec<List> {
    let mut dice = Dice(7);
    let total: u64 = 16_303_428 * 1_024;
    let boot = 1_763_000_000.0;
    let users = ["root", "www-data", "postgres", "messagebus", "alice"];
    let mut pid = 1;
    let mut all: BTreeMap<u32, (Process, u64)> = BTreeMap::new();
    let mut born = |dice: &mut Dice, at_ticks: u64| {
        pid += 1 + u32::try_from(dice.below(40)).unwrap();
        let busy = if dice.hits(12) { 1 + dice.below(40) } else { 0 };
        let memory = 4_096 * (200 + dice.below(60) * dice.below(3_000));
        let process = Process {
            pid,
            name: format!("program-{}", dice.below(90)),
            user: Some(users[usize::try_from(dice.below(5)).unwrap()].to_owned()),
            memory_bytes: memory,
            virtual_bytes: memory + 4_096 * dice.below(1 << 18),
            threads: Some(1 + u32::try_from(dice.below(20)).unwrap()),
            open_files: Some(4 + u32::try_from(dice.below(90)).unwrap()),
            started_at_seconds: Some(boot + float(at_ticks) / 100.0),
            ..Process::default()
        };
        (pid, (process, busy))
    };
    for at in 0..processes {
        let ticks = 1_000 + 50 * u64::try_from(at).unwrap();
        all.extend([born(&mut dice, ticks + dice_of(ticks))]);
    }
    let mut lists = Vec::new();
    for turn in 0..60_u64 {
        let seconds = 5.0 + float(dice.below(3_000_000)) / 1e9;
        if dice.hits(40) {
            all.extend([born(&mut dice, 9_000_000 + 500 * turn)]);
        }
        let mut list: Vec<Process> = Vec::new();
        for (process, busy) in all.values_mut() {
            let ticks = if *busy > 0 {
                dice.below(*busy * 2)
            } else {
                u64::from(dice.hits(2))
            };
            if *busy > 0 && dice.hits(30) {
                process.memory_bytes += 4_096 * dice.below(64);
                process.open_files = Some(4 + u32::try_from(dice.below(90)).unwrap());
            }
            process.cpu_percent = Some(100.0 * float(ticks) / 100.0 / seconds);
            let share = 100.0 * float(process.memory_bytes) / float(total);
            process.memory_percent = Some(share);
            list.push(process.clone());
        }
        list = order::read(list, None).unwrap();
        let mut rest = list.split_off(kept.div_ceil(2).min(list.len()));
        rest.sort_by_key(|process| std::cmp::Reverse(process.memory_bytes));
        rest.truncate(kept / 2);
        list.extend(rest);
        lists.push((
            i64::try_from(turn).unwrap() * 5_003,
            order::read(list, None).unwrap(),
        ));
    }
    lists
}

fn dice_of(ticks: u64) -> u64 {
    ticks.wrapping_mul(0x9E37_79B9) % 50
}

fn float(number: u64) -> f64 {
    f64::from(u32::try_from(number >> 12).unwrap()) * 4_096.0
        + f64::from(u32::try_from(number % 4_096).unwrap())
}

#[test]
fn lists_of_real_hosts_become_small() {
    for (processes, kept, most) in [(150, 50, 120), (500, 50, 120), (500, 500, 900)] {
        let lists = window(processes, kept);
        let packed = encode(&lists).unwrap();
        assert_eq!(exact(&decode(&packed).unwrap()), exact(&lists));
        let each = packed.len() / lists.len();
        assert!(
            each <= most,
            "{processes} processes, {kept} kept: {each} B a list"
        );
    }
}

#[test]
fn a_flipped_bit_is_found() {
    let body = encode(&window(60, 20)).unwrap();
    for place in 0..body.len() {
        let mut body = body.clone();
        body[place] ^= 1 << (place % 8);
        assert_eq!(decode(&body), Err(BadLists), "byte {place}");
    }
}
