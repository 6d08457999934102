//! The documented answer about a server that there is not; never the answer itself.

use std::collections::BTreeMap;

use utoipa::openapi::response::Response;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};

/// 404: there is no such server.
pub(super) enum NoSuchServer {}

impl utoipa::IntoResponses for NoSuchServer {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let schema = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new()
            .description("No such server")
            .content("application/problem+json", content)
            .build();
        BTreeMap::from([("404".to_owned(), response.into())])
    }
}
