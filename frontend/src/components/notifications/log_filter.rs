//! Which deliveries the log shows, as the address says it; pure.

use common::api::deliveries::{DeliveryFilter, DeliveryState};

use super::views::Part;
use crate::api::deliveries::{parameters, state_name};

/// Every state, in the order of the menu.
pub const STATES: [DeliveryState; 4] = [
    DeliveryState::Dead,
    DeliveryState::Due,
    DeliveryState::Delivered,
    DeliveryState::Dropped,
];

/// Reads the filter from the parameters of the address; what is not understood filters nothing.
pub fn read(get: impl Fn(&str) -> Option<String>) -> DeliveryFilter {
    DeliveryFilter {
        channel: get("channel").and_then(|id| id.parse().ok()),
        state: get("state").and_then(|name| state_of(&name)),
        alert: get("alert").and_then(|id| id.parse().ok()),
    }
}

/// The state of that name.
pub fn state_of(name: &str) -> Option<DeliveryState> {
    STATES.into_iter().find(|state| state_name(*state) == name)
}

/// The address of the log with this filter.
pub fn path(filter: &DeliveryFilter) -> String {
    format!("{}{}", Part::Log.path(), parameters(filter))
}

#[cfg(test)]
mod tests {
    use super::{path, read};

    #[test]
    fn the_address_is_the_filter() {
        let id = "00000000-0000-7000-8000-000000000001";
        for (query, written) in [
            (String::new(), String::new()),
            ("state=dead".into(), "&state=dead".into()),
            ("state=lost&channel=web".into(), String::new()),
            (
                format!("alert={id}&channel={id}"),
                format!("&channel={id}&alert={id}"),
            ),
        ] {
            let filter = read(|wanted| {
                let mut pairs = query.split('&').filter_map(|part| part.split_once('='));
                let found = pairs.find(|(name, _)| *name == wanted);
                found.map(|(_, value)| value.to_owned())
            });
            let expected = format!("/alerts/notifications?view=log{written}");
            assert_eq!(path(&filter), expected, "{query}");
        }
    }
}
