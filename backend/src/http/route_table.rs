//! Makes resources of the web server out of the table of routes; never holds a route itself.

use std::collections::BTreeMap;

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{FromRequest, Handler, Responder, Route, web};

use super::guard::{Door, guard};
use super::problem::Problem;
use super::prom;
use crate::auth::Policy;

/// A row of the table, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The HTTP method.
    pub method: Method,
    /// The absolute path, with `{…}` for parameters.
    pub path: &'static str,
    /// Who may come in.
    pub policy: Policy,
    /// Name of the operation, the only one of that name.
    pub operation: &'static str,
}

impl Row {
    /// Whether programs may come in with name and password: what Prometheus, its tools and Grafana
    /// ask for, which can send nothing else.
    pub(super) fn takes_basic(&self) -> bool {
        self.path == "/metrics" || self.path.starts_with(prom::BASE)
    }
}

/// A row with its handler behind the guard. There is no way to make one without a policy.
pub(super) struct Entry {
    row: Row,
    route: Route,
}

impl Entry {
    pub(super) fn new<F, Args>(row: Row, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let door = Door {
            policy: row.policy,
            takes_basic: row.takes_basic(),
        };
        let route = web::method(row.method.clone())
            .to(handler)
            .wrap(from_fn(move |request, next| guard(door, request, next)));
        // As Prometheus does for who can unpack it; what is written bit by bit is packed so.
        let route = if row.path.starts_with(prom::BASE) {
            route.wrap(Compress::default())
        } else {
            route
        };
        Self { row, route }
    }
}

/// Registers all rows. Literal segments come before parameters (`{` sorts after letters), so that
/// `/alerts/history` is never taken for an id.
pub(super) fn register(entries: Vec<Entry>, into: &mut web::ServiceConfig) {
    let mut paths: BTreeMap<&'static str, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        paths.entry(entry.row.path).or_default().push(entry);
    }
    for (path, entries) in paths {
        let allow: Vec<String> = entries.iter().map(|e| e.row.method.to_string()).collect();
        let allow = allow.join(", ");
        let resource = entries
            .into_iter()
            .fold(web::resource(path), |resource, entry| {
                resource.route(entry.route)
            });
        into.service(resource.default_service(web::to(move || {
            let answer = wrong_method(&allow);
            async move { Err::<String, _>(answer) }
        })));
    }
}

fn wrong_method(allow: &str) -> Problem {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("This path takes only {allow}."),
    );
    match HeaderValue::from_str(allow) {
        Ok(value) => problem.header(header::ALLOW, value),
        Err(_) => problem,
    }
}

/// Turns the table of `routes.rs` into rows, guarded handlers and the OpenAPI operations:
/// a handler without a policy or without documentation does not compile.
macro_rules! routes {
    ($($method:ident $path:literal $policy:ident $module:ident :: $handler:ident;)*) => {
        /// Every route of the server, as data.
        pub fn table() -> Vec<Row> {
            vec![$(Row {
                method: actix_web::http::Method::$method,
                path: $path,
                policy: routes!(@policy $policy),
                operation: concat!(stringify!($module), "_", stringify!($handler)),
            }),*]
        }

        /// Every route with its handler.
        fn entries() -> Vec<Entry> {
            let mut rows = table().into_iter();
            let mut entries = Vec::new();
            $(
                if let Some(row) = rows.next() {
                    entries.push(Entry::new(row, handlers::$module::$handler));
                }
            )*
            entries
        }

        /// What the handlers say about themselves.
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($(handlers::$module::$handler),*))]
        pub(super) struct Operations;
    };
    (@policy Public) => { crate::auth::Policy::Public };
    (@policy FirstPassword) => { crate::auth::Policy::FirstPassword };
    (@policy Scrape) => { crate::auth::Policy::Scrape };
    (@policy SelfService) => { crate::auth::Policy::SelfService };
    (@policy $permission:ident) => {
        crate::auth::Policy::Needs(common::access::Permission::$permission)
    };
}

pub(super) use routes;
