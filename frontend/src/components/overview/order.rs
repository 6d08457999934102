//! In which order servers stand: pure; never in the middle of a movement of the pointer.

use common::ids::ServerId;

use crate::components::status::Condition;
use crate::sorting::sort_by;

/// What the servers are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Who needs help first.
    #[default]
    WorstFirst,
    /// By name.
    ByName,
}

impl Sort {
    /// Every order, in the order a menu shows them.
    pub const ALL: [Self; 2] = [Self::WorstFirst, Self::ByName];

    /// Its name in the address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorstFirst => "worst",
            Self::ByName => "name",
        }
    }

    /// Its words in a menu.
    pub const fn label(self) -> &'static str {
        match self {
            Self::WorstFirst => "Worst first",
            Self::ByName => "By name",
        }
    }

    /// The order of that name; the first when there is none.
    pub fn from_name(name: Option<&str>) -> Self {
        Self::ALL
            .into_iter()
            .find(|sort| Some(sort.name()) == name)
            .unwrap_or_default()
    }
}

/// What counts for a server's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The server.
    pub id: ServerId,
    /// Its name.
    pub name: String,
    /// Its condition.
    pub condition: Condition,
}

/// The servers in order. Among equally bad ones the name decides, so that readings move nobody.
pub fn sorted(mut servers: Vec<Placed>, sort: Sort) -> Vec<ServerId> {
    sort_by(&mut servers, |a, b| {
        let by_name = || a.name.cmp(&b.name).then(a.id.cmp(&b.id));
        match sort {
            Sort::WorstFirst => a.condition.cmp(&b.condition).then_with(by_name),
            Sort::ByName => by_name(),
        }
    });
    servers.into_iter().map(|server| server.id).collect()
}

/// The order to show: the one shown before as long as the pointer rests on it and the same servers are there.
pub fn settled(shown: &[ServerId], wanted: Vec<ServerId>, is_held: bool) -> Vec<ServerId> {
    let same = shown.len() == wanted.len() && wanted.iter().all(|id| shown.contains(id));
    if is_held && same {
        shown.to_vec()
    } else {
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::{Placed, Sort, settled, sorted};
    use crate::components::status::Condition;
    use common::ids::ServerId;

    fn id(number: u8) -> ServerId {
        format!("00000000-0000-7000-8000-0000000000{number:02}")
            .parse()
            .unwrap()
    }

    fn placed(number: u8, name: &str, condition: Condition) -> Placed {
        Placed {
            id: id(number),
            name: name.into(),
            condition,
        }
    }

    #[test]
    fn the_worst_stands_first_and_equals_by_name() {
        let servers = vec![
            placed(1, "web-2", Condition::Healthy),
            placed(2, "web-1", Condition::Healthy),
            placed(3, "edge", Condition::NoData),
            placed(4, "db", Condition::Critical),
            placed(5, "ci", Condition::Warning),
        ];
        let ids = |numbers: [u8; 5]| numbers.map(id).to_vec();
        assert_eq!(
            sorted(servers.clone(), Sort::WorstFirst),
            ids([4, 3, 5, 2, 1])
        );
        assert_eq!(sorted(servers, Sort::ByName), ids([5, 4, 3, 2, 1]));
    }

    #[test]
    fn nothing_moves_under_the_pointer() {
        let (one, two) = (id(1), id(2));
        for (held, expected) in [(true, [one, two]), (false, [two, one])] {
            assert_eq!(settled(&[one, two], vec![two, one], held), expected);
        }
        assert_eq!(settled(&[one], vec![two, one], true), [two, one]);
    }
}
