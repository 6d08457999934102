//! Numbers one behind the other, a series' own or a part of what others hold too; never copied to be read.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// Reads as a slice.
#[derive(Debug, Clone)]
pub enum Column<T> {
    /// Its own.
    Own(Vec<T>),
    /// A part of numbers that others read as well. The range lies within them.
    Shared(Arc<[T]>, Range<usize>),
}

impl<T: Copy> Column<T> {
    /// All numbers.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::Own(own) => own,
            Self::Shared(all, part) => all.get(part.clone()).unwrap_or_default(),
        }
    }

    /// Adds a number at the end; what was shared is copied first.
    pub fn push(&mut self, number: T) {
        if let Self::Shared(..) = self {
            *self = Self::Own(self.as_slice().to_vec());
        }
        if let Self::Own(own) = self {
            own.push(number);
        }
    }
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self::Own(Vec::new())
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(own: Vec<T>) -> Self {
        Self::Own(own)
    }
}

impl<T: Copy> Deref for Column<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: Copy + PartialEq> PartialEq for Column<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_is_copied_when_it_grows() {
        let all: Arc<[i64]> = Arc::from([1, 2, 3, 4]);
        let mut part = Column::Shared(Arc::clone(&all), 1..3);
        assert_eq!(part, Column::from(vec![2, 3]));
        part.push(9);
        assert_eq!((&*part, &*all), (&[2, 3, 9][..], &[1, 2, 3, 4][..]));
        assert!(Column::<f64>::default().is_empty());
    }
}
