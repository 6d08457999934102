//! Names of the host's users by number, through sysinfo; never Watchpost's people.

use std::collections::HashMap;

/// The known names. A number without a name is remembered too, so it costs one look only.
#[derive(Default)]
pub(super) struct Users {
    names: HashMap<u32, Option<String>>,
}

impl Users {
    /// The name of a user; `None` when the number has none.
    pub(super) fn name(&mut self, uid: u32) -> Option<String> {
        if !self.names.contains_key(&uid) {
            self.learn();
        }
        self.names.entry(uid).or_default().clone()
    }

    fn learn(&mut self) {
        let Ok(users) = sysinfo::Users::new_with_refreshed_list() else {
            return;
        };
        for user in &users {
            self.names.insert(**user.id(), Some(user.name().to_owned()));
        }
    }
}
