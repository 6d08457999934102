//! Where settings come from, and what a wrong one is answered.

use std::io::Write;

use super::*;
use crate::config::collector::Collector;

fn environment(variables: &[(&str, &str)]) -> Environment {
    let home = [("HOME", "/home/ada")];
    Environment(
        home.iter()
            .chain(variables)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

fn with_file(text: &str) -> (tempfile::NamedTempFile, Overrides) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let overrides = Overrides {
        file: Some(file.path().to_owned()),
        ..Overrides::default()
    };
    (file, overrides)
}

#[test]
fn later_sources_win() {
    let (_file, mut overrides) = with_file(
        "data_dir = \"/from/file\"\n[server]\nlisten = \"127.0.0.1:1\"\n[collect]\ninterval_seconds = 7\n",
    );
    let config = load(&overrides, &environment(&[])).unwrap();
    assert_eq!(config.server.listen.port(), 1);
    assert_eq!(config.data_dir, Path::new("/from/file"));

    let variables = environment(&[
        ("WATCHPOST_SERVER__LISTEN", "127.0.0.1:2"),
        ("WATCHPOST_SERVER__PUBLIC_URL", "https://watch.example.org"),
        ("WATCHPOST_LOG__FORMAT", "json"),
        ("WATCHPOST_ADMIN_PASSWORD", "not a setting"),
    ]);
    let config = load(&overrides, &variables).unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.collect.interval_seconds, 7);
    assert_eq!(config.log.format, crate::config::log::LogFormat::Json);
    assert_eq!(
        config.server.public_url.as_deref(),
        Some("https://watch.example.org")
    );

    overrides.listen = Some("127.0.0.1:3".parse().unwrap());
    overrides.data_dir = Some("/from/args".into());
    let config = load(&overrides, &variables).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.data_dir, Path::new("/from/args"));
}

#[test]
fn lists_and_maps_are_read_from_both() {
    let (_file, overrides) = with_file(
        "[collect]\noff = [\"hwmon\"]\nports = [22, \"53/udp\"]\n[collect.intervals]\nfilesystem = 10\n",
    );
    let in_file = load(&overrides, &environment(&[])).unwrap().collect;
    let variables = environment(&[
        ("WATCHPOST_COLLECT__OFF", r#"["hwmon"]"#),
        ("WATCHPOST_COLLECT__PORTS", r#"[22, "53/udp"]"#),
        ("WATCHPOST_COLLECT__INTERVALS__FILESYSTEM", "10"),
    ]);
    let in_variables = load(&Overrides::default(), &variables).unwrap().collect;
    assert_eq!(in_file, in_variables);
    assert_eq!(in_file.interval_of(Collector::Filesystem), 10);
    assert_eq!(in_file.interval_of(Collector::Processes), 5);
    assert_eq!(in_file.off, [Collector::Hwmon].into());
    let ports: Vec<String> = in_file.ports.iter().map(ToString::to_string).collect();
    assert_eq!(ports, ["22/tcp", "53/udp"]);
}

#[test]
fn weights_may_be_whole_numbers() {
    let (_file, overrides) = with_file("[health]\nmemory_weight = 0\nwarning_cost = 2.5\n");
    let variables = environment(&[("WATCHPOST_HEALTH__CPU_COMFORT_PERCENT", "20")]);
    let health = load(&overrides, &variables).unwrap().health;
    let expected = common::health::HealthWeights {
        memory_weight: 0.0,
        warning_cost: 2.5,
        cpu_comfort_percent: 20.0,
        ..Default::default()
    };
    assert_eq!(health, expected);
}

#[test]
fn the_data_directory_has_a_default() {
    for (variables, expected) in [
        (vec![("STATE_DIRECTORY", "/var/lib/a:/b")], "/var/lib/a"),
        (vec![("XDG_DATA_HOME", "/data")], "/data/watchpost"),
        (vec![], "/home/ada/.local/share/watchpost"),
    ] {
        let config = load(&Overrides::default(), &environment(&variables)).unwrap();
        assert_eq!(config.data_dir, Path::new(expected));
    }
    let none = load(&Overrides::default(), &Environment::default());
    assert!(matches!(none, Err(ConfigError::NoDataDirectory)));
}

#[test]
fn a_wrong_file_is_answered_with_its_place() {
    for (text, line, column, says) in [
        ("[server]\nlisen = 1\n", 2, 1, "unknown field `lisen`"),
        ("[sever]\n", 1, 2, "unknown field `sever`"),
        (
            "[collect]\n  interval_seconds = 0\n",
            2,
            22,
            "0 is not between 1 and 300",
        ),
        (
            "[collect]\noff = [\"cpus\"]\n",
            2,
            8,
            "unknown variant `cpus`",
        ),
        ("[collect]\nports = [\"ssh\"]\n", 2, 9, "\"ssh\" is no port"),
        (
            "[collect.intervals]\ncpu = 301\n",
            2,
            7,
            "301 is not between 1 and 300",
        ),
        (
            "[health]\ncpu_weight = nan\n",
            2,
            14,
            "NaN is not between 0 and 100",
        ),
        (
            "[health]\nswap_weight = 1\n",
            2,
            1,
            "unknown field `swap_weight`",
        ),
        ("[log]\nlevel = \"loud\"\n", 2, 9, "unknown variant `loud`"),
        ("[log\n", 1, 5, "invalid table header"),
    ] {
        let (file, overrides) = with_file(text);
        let said = load(&overrides, &environment(&[])).unwrap_err().to_string();
        let place = format!("{}, line {line}, column {column}: ", file.path().display());
        assert!(said.contains(&place), "{text:?} said {said}");
        assert!(said.contains(says), "{text:?} said {said}");
    }
}

#[test]
fn a_wrong_variable_is_named() {
    for (name, value, says) in [
        ("WATCHPOST_SERVER__LISEN", "1", "`lisen`"),
        ("WATCHPOST_NOTHING", "1", "`nothing`"),
        ("WATCHPOST_COLLECT__INTERVAL_SECONDS", "fast", "\"fast\""),
        (
            "WATCHPOST_COLLECT__INTERVAL_SECONDS",
            "301",
            "between 1 and 300",
        ),
        (
            "WATCHPOST_HEALTH__WARNING_COST",
            "-5",
            "-5 is not between 0 and 100",
        ),
        (
            "WATCHPOST_HEALTH__CPU_COMFORT_PERCENT",
            "100.5",
            "100.5 is not between 0 and 100",
        ),
        ("WATCHPOST_HEALTH__DISK_WEIGHT", "light", "\"light\""),
        ("WATCHPOST_SERVER", "x", "\"x\""),
    ] {
        let said = load(&Overrides::default(), &environment(&[(name, value)]))
            .unwrap_err()
            .to_string();
        assert!(said.contains(name), "{said}");
        assert!(said.contains(says), "{name}={value} said {said}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let overrides = Overrides {
        file: Some("/nowhere/watchpost.toml".into()),
        ..Overrides::default()
    };
    let said = load(&overrides, &environment(&[])).unwrap_err().to_string();
    assert!(said.contains("/nowhere/watchpost.toml"), "{said}");
}

/// The reference names every setting with its default, and none that does not exist.
#[test]
fn the_reference_is_complete() {
    let reference = include_str!("../../../../docs/configuration.md");
    let documented: Vec<(String, String)> = reference
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            let name = cells.next()?.trim_end_matches('`').to_owned();
            Some((name, cells.next()?.trim_matches('`').to_owned()))
        })
        .collect();
    let mut there = vec![("data_dir".to_owned(), "see below".to_owned())];
    let defaults = serde_json::to_value(super::Config::default()).unwrap();
    for (section, keys) in defaults.as_object().unwrap() {
        if keys.is_null() {
            there.push((section.clone(), "none".to_owned()));
        }
        for (key, value) in keys.as_object().into_iter().flatten() {
            let value = match value {
                serde_json::Value::Null => "none".to_owned(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            there.push((format!("{section}.{key}"), value));
        }
    }
    let mut documented = documented;
    documented.sort();
    there.sort();
    assert_eq!(documented, there, "docs/configuration.md");
}
