//! Roles and permissions: the one table of who may do what; never who somebody is.

use serde::{Deserialize, Serialize};

/// What a person may do, in four levels; each includes the ones before it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and exports.
    #[default]
    Viewer,
    /// Also acts on alerts, silences, runs allowed commands, starts and stops monitoring.
    Operator,
    /// Also sets up servers, rules, channels, dashboards and checks for everyone.
    Manager,
    /// Also people, settings, backups and secrets.
    Admin,
}

impl Role {
    /// All roles, the least powerful first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::Manager, Self::Admin];

    /// The role's name in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// The role of that name; `None` when there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether this role has `permission`.
    pub fn may(self, permission: Permission) -> bool {
        self >= permission.least_role()
    }

    /// Everything this role may do, in the order of the table.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| self.may(*permission))
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Hands the table of permissions to the macro `$then`: role, identifier, name, meaning.
/// The enum below and the server's marker types are made from this one list.
#[macro_export]
macro_rules! for_each_permission {
    ($then:ident) => {
        $then! {
            Viewer ServersRead "servers.read" "See servers, their state and their processes.",
            Viewer MetricsRead "metrics.read" "Query metrics.",
            Viewer AlertsRead "alerts.read" "See alerts, their history and the rules.",
            Viewer DashboardsRead "dashboards.read" "See shared dashboards.",
            Viewer LogsRead "logs.read" "Read logs.",
            Viewer ReportsRead "reports.read" "Read reports.",
            Viewer ExportsRead "exports.read" "Download exports.",
            Operator AlertsAct "alerts.act" "Acknowledge, resolve, comment and assign alerts.",
            Operator SilencesWrite "silences.write" "Silence alerts.",
            Operator CommandsRun "commands.run" "Run allowed commands.",
            Operator MonitoringControl "monitoring.control" "Start and stop monitoring.",
            Operator PeopleRead "people.read" "See who else has a login.",
            Manager ServersWrite "servers.write" "Add, change and remove servers.",
            Manager RulesWrite "rules.write" "Change alert rules.",
            Manager ChannelsWrite "channels.write" "Change notification channels.",
            Manager DashboardsWrite "dashboards.write" "Change shared dashboards.",
            Manager LogsWrite "logs.write" "Change log sources.",
            Manager ChecksWrite "checks.write" "Change checks.",
            Manager FeedsWrite "feeds.write" "Change data feeds.",
            Manager ReportsWrite "reports.write" "Change reports.",
            Manager MetricsWrite "metrics.write" "Send own metrics.",
            Manager ModulesConfigure "modules.configure" "Change settings of modules.",
            Manager NotificationsRead "notifications.read" "See channels and deliveries.",
            Admin UsersWrite "users.write" "Manage people and their roles.",
            Admin KeysWriteAll "keys.write_all" "Manage API keys of others.",
            Admin SettingsWrite "settings.write" "Change settings of the server.",
            Admin BackupsWrite "backups.write" "Make and restore backups.",
            Admin ModulesInstall "modules.install" "Install and remove modules.",
            Admin AuditRead "audit.read" "Read the audit log.",
            Admin DatabaseManage "database.manage" "Look after the database.",
            Admin SecretsWrite "secrets.write" "Set secrets.",
        }
    };
}

macro_rules! permissions {
    ($($role:ident $id:ident $name:literal $meaning:literal,)*) => {
        /// One thing that a role may do; its dotted name is the same in JSON, docs and OpenAPI.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Permission {
            $(
                #[doc = $meaning]
                #[serde(rename = $name)]
                $id,
            )*
        }

        impl Permission {
            /// Every permission, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$id),*];

            /// The dotted name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => $name),* }
            }

            /// What it allows, for people.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$id => $meaning),* }
            }

            /// The least powerful role that has it.
            pub const fn least_role(self) -> Role {
                match self { $(Self::$id => Role::$role),* }
            }
        }
    };
}

for_each_permission!(permissions);

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{Permission, Role};

    /// The table as the documentation prints it: permissions that each level adds.
    const ADDED: [(Role, &str); 4] = [
        (
            Role::Viewer,
            "servers.read metrics.read alerts.read dashboards.read logs.read reports.read exports.read",
        ),
        (
            Role::Operator,
            "alerts.act silences.write commands.run monitoring.control people.read",
        ),
        (
            Role::Manager,
            "servers.write rules.write channels.write dashboards.write logs.write checks.write \
             feeds.write reports.write metrics.write modules.configure notifications.read",
        ),
        (
            Role::Admin,
            "users.write keys.write_all settings.write backups.write modules.install audit.read \
             database.manage secrets.write",
        ),
    ];

    #[test]
    fn each_role_has_exactly_its_row_of_the_table() {
        let mut expected: Vec<&str> = Vec::new();
        for (role, added) in ADDED {
            expected.extend(added.split_whitespace());
            let names: Vec<&str> = role.permissions().map(Permission::name).collect();
            assert_eq!(names, expected, "{role}");
        }
        assert_eq!(expected.len(), Permission::ALL.len());
    }

    #[test]
    fn names_are_the_same_in_json() {
        for permission in Permission::ALL {
            let json = serde_json::to_string(permission).unwrap();
            assert_eq!(json, format!("\"{permission}\""));
        }
        for role in Role::ALL {
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
            assert_eq!(Role::from_name(role.name()), Some(role));
        }
        assert_eq!(Role::from_name("root"), None);
    }
}
