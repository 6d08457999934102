//! Who is logged in: sessions of logind, else the records of `utmp`; never what they do.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::{self, entries};
use super::root::Root;
use common::series::Labels;
use std::collections::BTreeMap;
use std::fs;

/// The people who are logged in.
pub(super) struct Sessions(Root);

impl Sessions {
    pub(super) fn new(root: &Root) -> Self {
        Self(root.clone())
    }

    /// The user of each session. Systems without `utmp` have logind and the other way round.
    fn users(&self) -> Result<Vec<String>, ReadError> {
        let folder = self.0.path("run/systemd/sessions");
        match entries(&folder) {
            Ok(files) => Ok(files
                .iter()
                .filter_map(|file| session(&kept::once(&folder.join(file))?))
                .collect()),
            Err(ReadError::Absent) => {
                let utmp = self.0.path("run/utmp");
                let records = fs::read(&utmp).map_err(|source| ReadError::of(&utmp, source))?;
                Ok(records.chunks_exact(RECORD).filter_map(record).collect())
            }
            Err(error) => Err(error),
        }
    }
}

impl Collect for Sessions {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let mut users: BTreeMap<String, u32> = BTreeMap::new();
        for user in self.users()? {
            *users.entry(user).or_default() += 1;
        }
        let count = u32::try_from(users.len()).unwrap_or(u32::MAX);
        found.details.plain("host_logged_in_users", count.into());
        for (user, sessions) in users {
            let labels = Labels::one("user", &user);
            let metric = "host_user_sessions";
            found.details.labelled(metric, &labels, sessions.into());
        }
        Ok(())
    }
}

/// The user of a session of a person that is not over; services and greeters have sessions too.
fn session(text: &str) -> Option<String> {
    let of = |key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
    };
    let is_person = matches!(of("CLASS"), Some("user" | "user-early" | "user-light"));
    let is_over = of("STATE") == Some("closing");
    (is_person && !is_over).then(|| of("USER").map(str::to_owned))?
}

/// Size of a record of `utmp`; its times have 64 bits only where there never were 32.
const RECORD: usize = if cfg!(target_arch = "aarch64") {
    400
} else {
    384
};
/// The kind of record of somebody who is logged in.
const USER_PROCESS: u16 = 7;

/// The user of a record: the kind comes first, the name of 32 bytes after process, line and id.
fn record(record: &[u8]) -> Option<String> {
    let kind = u16::from_ne_bytes(*record.first_chunk()?);
    if kind != USER_PROCESS {
        return None;
    }
    let name = record.get(44..76)?.split(|byte| *byte == 0).next()?;
    let name = String::from_utf8_lossy(name).into_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{RECORD, record, session};

    #[test]
    fn sessions_of_people_count() {
        for (text, user) in [
            (
                "UID=1000\nUSER=ann\nSTATE=active\nCLASS=user\n",
                Some("ann"),
            ),
            ("UID=1000\nUSER=ann\nSTATE=closing\nCLASS=user\n", None),
            ("UID=113\nUSER=gdm\nSTATE=active\nCLASS=greeter\n", None),
            ("UID=1000\nUSER=ann\nSTATE=active\nCLASS=manager\n", None),
            ("", None),
        ] {
            assert_eq!(session(text).as_deref(), user, "{text}");
        }
    }

    #[test]
    fn records_of_logins_count() {
        let bytes = |kind: u16, name: &str| {
            let mut bytes = vec![0; RECORD];
            bytes[..2].copy_from_slice(&kind.to_ne_bytes());
            bytes[44..44 + name.len()].copy_from_slice(name.as_bytes());
            bytes
        };
        for (kind, name, user) in [
            (7, "ann", Some("ann")),
            (7, "", None),
            (2, "reboot", None),
            (8, "ann", None),
        ] {
            assert_eq!(record(&bytes(kind, name)).as_deref(), user, "{kind} {name}");
        }
        assert_eq!(record(&[7]), None);
    }
}
