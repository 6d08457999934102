//! Inputs out of inputs: bytes changed, pieces moved, doubled, repeated or taken from others; by dice
//! alone.

use crate::dice::Dice;

/// No input becomes longer.
const LONGEST: usize = 64 * 1024;
/// Changes that are made to one input at most.
const MOST_CHANGES: u64 = 4;
/// How often a piece is repeated at most: enough to nest deeper than anything is read.
const MOST_REPEATS: u64 = 2_000;
/// Bytes at which things turn.
const BYTES: [u8; 12] = [
    0, 1, 0x0A, 0x12, 0x22, 0x28, 0x5C, 0x7B, 0x7F, 0x80, 0xC3, 0xFF,
];
/// Numbers at which things turn.
const NUMBERS: [&str; 10] = [
    "0",
    "-1",
    "1e308",
    "1e-320",
    "NaN",
    "-Inf",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "0x7fffffffffffffff",
];

/// Makes inputs.
#[derive(Debug)]
pub(super) struct Mutator {
    words: &'static [&'static str],
}

impl Mutator {
    pub(super) fn new(words: &'static [&'static str]) -> Self {
        Self { words }
    }

    /// One of the corpus, changed.
    pub(super) fn next(&self, corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
        let mut input = dice.one_of(corpus).clone();
        for _ in 0..=dice.below(MOST_CHANGES) {
            self.change(&mut input, corpus, dice);
            input.truncate(LONGEST);
        }
        input
    }

    fn change(&self, input: &mut Vec<u8>, corpus: &[Vec<u8>], dice: &mut Dice) {
        let (start, end) = piece(input, dice);
        match dice.below(9) {
            0 => flip(input, dice),
            1 => {
                if let Some(byte) = input.get_mut(start) {
                    *byte = *dice.one_of(&BYTES);
                }
            }
            2 => drop(input.drain(start..end)),
            3 => {
                let piece = input[start..end].to_vec();
                let at = place(input, dice);
                input.splice(at..at, piece);
            }
            4 => repeat(input, start..end, dice),
            5 => {
                let other = dice.one_of(corpus);
                let (from, to) = piece(other, dice);
                input.splice(start..end, other[from..to].iter().copied());
            }
            6 => number(input, start, dice),
            7 if !self.words.is_empty() => {
                let word = dice.one_of(self.words).bytes();
                input.splice(start..start, word);
            }
            _ => input.truncate(end),
        }
    }
}

fn place(input: &[u8], dice: &mut Dice) -> usize {
    usize::try_from(dice.below(input.len() as u64 + 1)).unwrap_or_default()
}

/// A piece of an input, short more often than long.
fn piece(input: &[u8], dice: &mut Dice) -> (usize, usize) {
    let start = place(input, dice);
    let most = if dice.below(4) == 0 { u64::MAX } else { 12 };
    let rest = (input.len() - start) as u64;
    let length = dice.below(rest.min(most).saturating_add(1).max(1));
    (start, start + usize::try_from(length).unwrap_or_default())
}

fn flip(input: &mut [u8], dice: &mut Dice) {
    let at = place(input, dice);
    let bit = dice.below(8);
    if let Some(byte) = input.get_mut(at) {
        *byte ^= 1 << bit;
    }
}

fn repeat(input: &mut Vec<u8>, range: std::ops::Range<usize>, dice: &mut Dice) {
    let most = if dice.below(8) == 0 { MOST_REPEATS } else { 8 };
    let times = usize::try_from(dice.below(most)).unwrap_or_default();
    let piece = input[range.clone()].repeat(times);
    let room = LONGEST.saturating_sub(input.len());
    let at = range.end;
    input.splice(at..at, piece.into_iter().take(room));
}

/// Puts another number in the place of the next one.
fn number(input: &mut Vec<u8>, from: usize, dice: &mut Dice) {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let Some(start) = input[from..].iter().position(is_digit) else {
        return;
    };
    let start = from + start;
    let digits = input[start..].iter().take_while(|byte| is_digit(byte));
    let end = start + digits.count();
    input.splice(start..end, dice.one_of(&NUMBERS).bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_dice_make_the_same_inputs() {
        let corpus = [b"sum(rate(up[5m]))".to_vec(), Vec::new(), vec![0xFF; 300]];
        let made = || {
            let (mutator, mut dice) = (Mutator::new(&["by (a)"]), Dice::of(7));
            let inputs: Vec<_> = (0..500).map(|_| mutator.next(&corpus, &mut dice)).collect();
            inputs
        };
        let inputs = made();
        assert_eq!(inputs, made());
        assert!(inputs.iter().all(|input| input.len() <= LONGEST));
        let different: std::collections::BTreeSet<_> = inputs.iter().collect();
        assert!(different.len() > 300, "{}", different.len());
    }
}
