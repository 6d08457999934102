//! Units of systemd, as `systemctl` tells them; never starts or stops one.

use super::error::ReadError;
use super::found::{Collect, Details, Found};
use super::root::Root;
use crate::collect::exec::{self, ExecError, Limits};
use common::series::Labels;
use std::path::PathBuf;
use std::time::Duration;

const STATES: [&str; 5] = ["activating", "active", "deactivating", "failed", "inactive"];

const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    bytes: 4 << 20,
};

/// The services of the host, one series a state each, at most.
const MOST_SERVICES: usize = 300;

/// The units.
pub(super) struct Units {
    /// It is there while systemd runs the host.
    running: PathBuf,
}

impl Units {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            running: root.path("run/systemd/system"),
        }
    }
}

impl Collect for Units {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        if !self.running.is_dir() {
            return Err(ReadError::Absent);
        }
        let state = systemctl(&["show", "--no-pager", "--property=SystemState"])?;
        let is_running = f64::from(u8::from(state.trim() == "SystemState=running"));
        let metric = "node_systemd_system_running";
        found.details.plain(metric, is_running);
        let properties = "--property=Id,LoadState,ActiveState,Type";
        let units = systemctl(&["show", "--no-pager", properties, "*"])?;
        tell(&units, &mut found.details);
        Ok(())
    }
}

fn systemctl(args: &[&str]) -> Result<String, ReadError> {
    exec::output("systemctl", args, LIMITS).map_err(|error| match error {
        ExecError::NotThere => ReadError::Absent,
        source => ReadError::Program {
            program: "systemctl",
            source,
        },
    })
}

/// A unit, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Unit<'a> {
    name: &'a str,
    state: &'a str,
    kind: &'a str,
}

/// One block of `key=value`; `None` for a unit that exists in name only.
fn parse(block: &str) -> Option<Unit<'_>> {
    let mut unit = Unit::default();
    for (key, value) in block.lines().filter_map(|line| line.split_once('=')) {
        match key {
            "Id" => unit.name = value,
            "ActiveState" => unit.state = value,
            "Type" => unit.kind = value,
            "LoadState" if value != "loaded" => return None,
            _ => {}
        }
    }
    (!unit.name.is_empty()).then_some(unit)
}

/// Counts all units by state, and tells the state of each service.
fn tell(text: &str, details: &mut Details) {
    let mut counts = [0_u32; STATES.len()];
    let mut services = 0;
    for unit in text.split("\n\n").filter_map(parse) {
        if let Some(at) = STATES.iter().position(|state| *state == unit.state) {
            counts[at] += 1;
        }
        if unit.name.ends_with(".service") && services < MOST_SERVICES {
            services += 1;
            for state in STATES {
                let kind = ("type", unit.kind);
                let labels = Labels::of(&[("name", unit.name), ("state", state), kind]);
                let is_in = f64::from(u8::from(state == unit.state));
                details.labelled("node_systemd_unit_state", &labels, is_in);
            }
        }
    }
    for (state, count) in STATES.iter().zip(counts) {
        let labels = Labels::one("state", state);
        details.labelled("node_systemd_units", &labels, count.into());
    }
}

#[cfg(test)]
mod tests {
    use super::tell;
    use crate::collect::local::found::Details;

    #[test]
    fn services_are_told_one_by_one_and_units_are_counted() {
        let text = "Type=notify\nId=ssh.service\nLoadState=loaded\nActiveState=active\n\n\
            Id=tmp.mount\nType=tmpfs\nLoadState=loaded\nActiveState=inactive\n\n\
            Type=simple\nId=backup.service\nLoadState=loaded\nActiveState=failed\n\n\
            Id=gone.service\nLoadState=not-found\nActiveState=inactive\n\nNoise\n";
        let mut details = Details::default();
        tell(text, &mut details);
        let values = details.into_values();
        let of = |metric: &str, labels: &str| {
            let found = values
                .iter()
                .find(|it| it.metric == metric && it.labels.to_string() == labels);
            found.map(|it| it.value)
        };
        for (labels, value) in [
            (
                r#"name="ssh.service",state="active",type="notify""#,
                Some(1.0),
            ),
            (
                r#"name="ssh.service",state="failed",type="notify""#,
                Some(0.0),
            ),
            (
                r#"name="backup.service",state="failed",type="simple""#,
                Some(1.0),
            ),
            (r#"name="tmp.mount",state="inactive",type="tmpfs""#, None),
            (r#"name="gone.service",state="inactive",type="""#, None),
        ] {
            assert_eq!(of("node_systemd_unit_state", labels), value, "{labels}");
        }
        for (state, count) in [("active", 1.0), ("failed", 1.0), ("inactive", 1.0)] {
            let labels = format!("state={state:?}");
            assert_eq!(of("node_systemd_units", &labels), Some(count), "{state}");
        }
    }
}
