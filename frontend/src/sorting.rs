//! Sorting of short lists: the library's own, made for millions, is three kilobytes for each kind of list.

use std::cmp::Ordering;

/// Sorts in place and keeps the order of equals. Quick for lists of some hundreds, and for any that
/// are nearly sorted.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && compare(&items[at - 1], &items[at]) == Ordering::Greater {
            items.swap(at - 1, at);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sort_by;

    #[test]
    fn equals_keep_their_order() {
        for items in [
            vec![],
            vec![(1, 'a')],
            vec![(3, 'a'), (1, 'b'), (3, 'c'), (1, 'd'), (2, 'e')],
        ] {
            let (mut sorted, mut expected) = (items.clone(), items);
            sort_by(&mut sorted, |a, b| a.0.cmp(&b.0));
            expected.sort_by_key(|item| item.0);
            assert_eq!(sorted, expected);
        }
    }
}
