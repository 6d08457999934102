//! The addresses of the dashboard and who may go there; never what a page shows.

use common::access::{Permission, Role};
use common::ids::ServerId;

use crate::components::icon::Icon;

/// A page that the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// All servers.
    Overview,
    /// What fires now, and the tabs beside it.
    Alerts,
    /// Any metric on a chart.
    Explore,
    /// What is stored, and the jobs that care for it.
    Database,
    /// Who has a login.
    Users,
    /// One's own settings.
    Settings,
}

impl Place {
    /// Every place, in the order of the navigation.
    pub const ALL: [Self; 6] = [
        Self::Overview,
        Self::Alerts,
        Self::Explore,
        Self::Database,
        Self::Users,
        Self::Settings,
    ];

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Alerts => "/alerts",
            Self::Explore => "/explore",
            Self::Database => "/database",
            Self::Users => "/users",
            Self::Settings => "/settings",
        }
    }

    /// Its name in navigation and title.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Alerts => "Alerts",
            Self::Explore => "Explore",
            Self::Database => "Database",
            Self::Users => "Users",
            Self::Settings => "Settings",
        }
    }

    /// Its picture in the navigation.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Overview => Icon::Home,
            Self::Alerts => Icon::Bell,
            Self::Explore => Icon::Chart,
            Self::Database => Icon::Database,
            Self::Users => Icon::Users,
            Self::Settings => Icon::Settings,
        }
    }

    /// The key that jumps there after `g`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overview => "o",
            Self::Alerts => "a",
            Self::Explore => "e",
            Self::Database => "d",
            Self::Users => "u",
            Self::Settings => "s",
        }
    }

    /// What one must be allowed to go there; `None`: everybody with a login.
    pub const fn permission(self) -> Option<Permission> {
        match self {
            Self::Overview => Some(Permission::ServersRead),
            Self::Alerts => Some(Permission::AlertsRead),
            Self::Explore => Some(Permission::MetricsRead),
            Self::Database => Some(Permission::DatabaseManage),
            Self::Users => Some(Permission::UsersWrite),
            Self::Settings => None,
        }
    }

    /// Whether `role` sees it.
    pub fn open_to(self, role: Role) -> bool {
        self.permission().is_none_or(|needed| role.may(needed))
    }

    /// Whether an address lies at or below it.
    pub fn holds(self, path: &str) -> bool {
        match self {
            Self::Overview => path == "/" || path.starts_with("/servers/"),
            _ => path
                .strip_prefix(self.path())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        }
    }
}

/// The address of a server's page.
pub fn server_path(id: ServerId) -> String {
    format!("/servers/{id}")
}

#[cfg(test)]
mod tests {
    use super::Place;
    use common::access::Role;

    #[test]
    fn an_address_belongs_to_one_place() {
        for (path, expected) in [
            ("/", Some(Place::Overview)),
            ("/servers/1", Some(Place::Overview)),
            ("/alerts", Some(Place::Alerts)),
            ("/alerts/rules", Some(Place::Alerts)),
            ("/alertsx", None),
            ("/explore", Some(Place::Explore)),
            ("/database/jobs", Some(Place::Database)),
            ("/users", Some(Place::Users)),
        ] {
            let found = Place::ALL.into_iter().find(|place| place.holds(path));
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn only_an_administrator_sees_the_users_and_the_database() {
        for role in Role::ALL {
            assert_eq!(Place::Users.open_to(role), role == Role::Admin, "{role}");
            assert_eq!(Place::Database.open_to(role), role == Role::Admin, "{role}");
            assert!(Place::Overview.open_to(role));
            assert!(Place::Explore.open_to(role));
        }
    }
}
