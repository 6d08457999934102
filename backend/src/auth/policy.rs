//! What a route or a piece of work asks of a person; never who asks.

use common::access::Permission;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// Anyone, logged in or not.
    Public,
    /// Any logged-in person, also while a generated first password has to be changed.
    FirstPassword,
    /// Any logged-in person, for what is his own.
    SelfService,
    /// Whoever's role has this permission.
    Needs(Permission),
    /// Whoever may read metrics; everybody when the settings open the page of metrics.
    Scrape,
}

impl Policy {
    /// The name in OpenAPI's `x-permission`: `public`, `self` or the permission's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::FirstPassword | Self::SelfService => "self",
            Self::Needs(permission) => permission.name(),
            Self::Scrape => Permission::MetricsRead.name(),
        }
    }
}

/// A policy as a type, the `P` of [`Allowed<P>`](super::Allowed). Only this folder makes some.
pub trait Marker: sealed::Sealed + 'static {
    /// The policy that the type stands for.
    const POLICY: Policy;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! marker {
    ($id:ident, $policy:expr, $meaning:expr) => {
        #[doc = $meaning]
        #[derive(Debug, Clone, Copy)]
        pub struct $id;
        impl super::sealed::Sealed for $id {}
        impl super::Marker for $id {
            const POLICY: super::Policy = $policy;
        }
    };
}

macro_rules! permission_markers {
    ($($role:ident $id:ident $name:literal $meaning:literal,)*) => {
        $(marker!($id, super::Policy::Needs(common::access::Permission::$id), $meaning);)*
    };
}

/// One type per permission, and those for what is one's own.
pub mod may {
    marker!(
        SelfOnly,
        super::Policy::SelfService,
        "What is one's own: any logged-in person."
    );
    marker!(
        FirstPassword,
        super::Policy::FirstPassword,
        "What is one's own and open before the first password is changed."
    );
    common::for_each_permission!(permission_markers);
}
