//! The description of the API: what handlers say, completed by what the table and the common
//! extractors make true for all of them; never a route of its own.

use actix_web::http::{Method, StatusCode};
use common::problem::Problem;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, RefOr, Response};
use utoipa::{OpenApi as _, ToSchema};

use super::prom::PromError;
use super::routes::{self, Operations, Row};
use super::shape::{RpcStatus, Shape};
use crate::auth::Policy;

const BEARER: &str = "bearer";
const BASIC: &str = "basic";

/// The whole document, made anew: it is seldom asked for and not worth keeping.
pub fn document() -> OpenApi {
    let mut document = Operations::openapi();
    document.info = InfoBuilder::new()
        .title("Watchpost")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Self-hosted server monitoring."))
        .build();
    let components = document.components.get_or_insert_default();
    let mut schemas = vec![(
        Problem::name().into_owned(),
        <Problem as utoipa::PartialSchema>::schema(),
    )];
    Problem::schemas(&mut schemas);
    schemas.push((
        PromError::name().into_owned(),
        <PromError as utoipa::PartialSchema>::schema(),
    ));
    schemas.push((
        RpcStatus::name().into_owned(),
        <RpcStatus as utoipa::PartialSchema>::schema(),
    ));
    components.schemas.extend(schemas);
    components.add_security_scheme(
        BEARER,
        SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
    );
    components.add_security_scheme(
        BASIC,
        SecurityScheme::Http(Http::new(HttpAuthScheme::Basic)),
    );
    for row in routes::table() {
        let item = document.paths.paths.get_mut(row.path);
        if let Some(operation) = item.and_then(|item| operation_of(item, &row.method)) {
            operation.operation_id = Some(row.operation.to_owned());
            complete(operation, &row);
            if !row.path.starts_with("/health") {
                describe_errors(operation, Shape::of(row.path));
            }
        }
    }
    document
}

/// The place of a method's operation in a path.
fn operation_of<'a>(item: &'a mut PathItem, method: &Method) -> Option<&'a mut Operation> {
    match *method {
        Method::GET => item.get.as_mut(),
        Method::POST => item.post.as_mut(),
        Method::PUT => item.put.as_mut(),
        Method::PATCH => item.patch.as_mut(),
        Method::DELETE => item.delete.as_mut(),
        _ => None,
    }
}

/// Adds what holds for every operation of that policy and shape.
fn complete(operation: &mut Operation, row: &Row) {
    let policy = row.policy;
    let permission = ExtensionsBuilder::new().add("x-permission", policy.name());
    operation.extensions = Some(permission.build());
    let has = |fits: &dyn Fn(&Parameter) -> bool| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters.any(|parameter| matches!(parameter, RefOr::T(parameter) if fits(parameter)))
    };
    let in_path = has(&|parameter| parameter.parameter_in == ParameterIn::Path);
    let in_query = has(&|parameter| parameter.parameter_in == ParameterIn::Query);
    let has_condition = has(&|parameter| parameter.name == "If-Match");
    let has_body = operation.request_body.is_some();
    for (status, applies) in [
        (StatusCode::UNAUTHORIZED, policy != Policy::Public),
        (
            StatusCode::FORBIDDEN,
            matches!(
                policy,
                Policy::SelfService | Policy::Needs(_) | Policy::Scrape
            ),
        ),
        (StatusCode::NOT_FOUND, in_path),
        (StatusCode::PRECONDITION_FAILED, has_condition),
        (StatusCode::BAD_REQUEST, has_body),
        (StatusCode::PAYLOAD_TOO_LARGE, has_body),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, has_body),
        (StatusCode::UNPROCESSABLE_ENTITY, has_body || in_query),
        (StatusCode::INTERNAL_SERVER_ERROR, true),
        (StatusCode::SERVICE_UNAVAILABLE, true),
    ] {
        if applies {
            add_problem(operation, status);
        }
    }
    if policy != Policy::Public {
        let schemes = [(BEARER, true), (BASIC, row.takes_basic())];
        let taken = schemes.iter().filter(|(_, is_taken)| *is_taken);
        let taken = taken.map(|(name, _)| SecurityRequirement::new(*name, [] as [&str; 0]));
        operation.security = Some(taken.collect());
    }
}

/// An error answer, unless the handler names that status itself.
fn add_problem(operation: &mut Operation, status: StatusCode) {
    let answers = &mut operation.responses.responses;
    answers
        .entry(status.as_str().to_owned())
        .or_insert_with(|| {
            let reason = status.canonical_reason().unwrap_or_default();
            Response::new(reason).into()
        });
}

/// Error answers have one shape: handlers need to say no more than status and description.
fn describe_errors(operation: &mut Operation, shape: Shape) {
    let errors = operation.responses.responses.range_mut("400".to_owned()..);
    for (_, answer) in errors {
        if let RefOr::T(answer) = answer
            && answer.content.is_empty()
        {
            for (kind, content) in shape.contents() {
                answer.content.insert(kind.to_owned(), content.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn routes_and_operations_are_the_same() {
        let mut document = document();
        let (mut routed, mut names) = (BTreeSet::new(), BTreeSet::new());
        for row in routes::table() {
            assert!(
                routed.insert(format!("{} {}", row.method, row.path)),
                "{} {} is routed twice",
                row.method,
                row.path
            );
            let item = document.paths.paths.get_mut(row.path);
            let operation = item.and_then(|item| operation_of(item, &row.method));
            let operation = operation.unwrap_or_else(|| {
                panic!(
                    "{} {} differs from its #[utoipa::path]",
                    row.method, row.path
                )
            });
            let extensions = operation.extensions.as_ref().unwrap();
            assert_eq!(extensions["x-permission"], row.policy.name());
            let name = operation.operation_id.clone().unwrap();
            assert!(names.insert(name), "{} is named twice", row.operation);
        }
        let operations = Operations::openapi().paths.paths.len();
        let paths: BTreeSet<_> = routes::table().iter().map(|row| row.path).collect();
        assert_eq!(
            operations,
            paths.len(),
            "a #[utoipa::path] differs from its route"
        );
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let json = serde_json::to_value(document()).unwrap();
        let schemas = json["components"]["schemas"].as_object().unwrap();
        let (mut open, mut missing) = (vec![&json], BTreeSet::new());
        while let Some(value) = open.pop() {
            match value {
                serde_json::Value::Object(fields) => {
                    let target = fields.get("$ref").and_then(|target| target.as_str());
                    let name = target.and_then(|it| it.strip_prefix("#/components/schemas/"));
                    missing.extend(name.filter(|name| !schemas.contains_key(*name)));
                    open.extend(fields.values());
                }
                serde_json::Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        assert!(
            missing.is_empty(),
            "{missing:?}: a parameter of that type needs #[param(inline)]"
        );
    }
}
