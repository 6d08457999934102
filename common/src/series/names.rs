//! What names of metrics and labels look like: Prometheus's rules; never which names there are.

/// `[a-zA-Z_:][a-zA-Z0-9_:]*`
pub fn is_metric_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == ':')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`
pub fn is_label_name(name: &str) -> bool {
    is_metric_name(name) && !name.contains(':')
}

#[cfg(test)]
mod tests {
    use super::{is_label_name, is_metric_name};

    #[test]
    fn names_follow_the_rules_of_prometheus() {
        for (name, metric, label) in [
            ("up", true, true),
            ("job:errors:rate5m", true, false),
            ("_private", true, true),
            ("__name__", true, true),
            ("http2xx", true, true),
            ("", false, false),
            ("2xx", false, false),
            ("queue-length", false, false),
            ("queue length", false, false),
            ("größe", false, false),
            ("a.b", false, false),
        ] {
            assert_eq!(is_metric_name(name), metric, "{name}");
            assert_eq!(is_label_name(name), label, "{name}");
        }
    }
}
