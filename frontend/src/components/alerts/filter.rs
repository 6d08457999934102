//! Which alerts are listed, as the address says it; pure.

use common::alert::{Alert, AlertState, Severity};
use common::api::alerts::AlertFilter;

use crate::api::in_address;

/// Reads the filter from the parameters of the address; what is not understood filters nothing.
pub fn read(get: impl Fn(&str) -> Option<String>) -> AlertFilter {
    let states = [
        AlertState::Pending,
        AlertState::Firing,
        AlertState::Acknowledged,
        AlertState::Resolved,
    ];
    AlertFilter {
        state: get("state").and_then(|name| states.into_iter().find(|it| it.as_str() == name)),
        severity: get("severity")
            .and_then(|name| Severity::ALL.into_iter().find(|it| it.as_str() == name)),
        server: get("server").and_then(|id| id.parse().ok()),
        text: get("text").filter(|text| !text.is_empty()),
        ..AlertFilter::default()
    }
}

/// The filter as the part of the address behind the path; empty when it filters nothing.
pub fn write(filter: &AlertFilter) -> String {
    let parts: Vec<String> = [
        ("state", filter.state.map(|it| it.as_str().to_owned())),
        ("severity", filter.severity.map(|it| it.as_str().to_owned())),
        ("server", filter.server.map(|it| it.to_string())),
        ("text", filter.text.as_deref().map(in_address)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
    .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("?{}", parts.join("&"))
    }
}

/// Whether the filter lets an alert through.
pub fn passes(filter: &AlertFilter, alert: &Alert) -> bool {
    filter.state.is_none_or(|state| alert.state == state)
        && filter
            .severity
            .is_none_or(|severity| alert.severity == severity)
        && filter.server.is_none_or(|server| alert.server_id == server)
        && filter.text.as_deref().is_none_or(|text| says(alert, text))
}

/// Whether a text stands in the alert, as the server looks for it in its history.
fn says(alert: &Alert, text: &str) -> bool {
    let text = text.to_lowercase();
    let labels = alert.labels.iter().flat_map(|(name, value)| [name, value]);
    [&alert.rule, &alert.server, &alert.message]
        .into_iter()
        .chain(labels)
        .any(|part| part.to_lowercase().contains(&text))
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn the_address_is_the_filter() {
        let server = "00000000-0000-7000-8000-000000000001";
        for (query, written) in [
            (String::new(), String::new()),
            ("state=firing".into(), "?state=firing".into()),
            ("severity=critical&x=1".into(), "?severity=critical".into()),
            ("state=loud&severity=&server=web-1".into(), String::new()),
            ("text=swap".into(), "?text=swap".into()),
            ("text=é &x".into(), "?text=%C3%A9%20".into()),
            (
                format!("server={server}&state=resolved"),
                format!("?state=resolved&server={server}"),
            ),
        ] {
            let filter = read(|wanted| {
                query
                    .split('&')
                    .filter_map(|part| part.split_once('='))
                    .find(|(name, _)| *name == wanted)
                    .map(|(_, value)| value.to_owned())
            });
            assert_eq!(write(&filter), written, "{query}");
        }
    }
}
