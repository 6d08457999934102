//! What handlers take from a request, checked and typed; never what they do with it.

mod allowed;
mod body;
mod caller;
mod client;

mod if_match;
mod large_body;
mod matches;
mod nul;
mod otlp_body;
mod own_page;
mod paging;
mod parameters;
mod path;
mod pushed_body;
mod query;
mod remote_write_body;
mod rule_file_body;

pub use allowed::Visitor;
pub(super) use body::is_json;
pub use body::{Body, OptionalBody};
pub use client::Client;

pub use if_match::{IfMatch, Tagged};
pub use matches::Matches;
pub use otlp_body::OtlpBody;
pub use own_page::{OwnOrigin, OwnPage};
pub use paging::{PageParameters, Paging};
pub use parameters::Parameters;
pub use path::PathId;
pub use pushed_body::PushedBody;
pub use query::Query;
pub use remote_write_body::RemoteWriteBody;
pub use rule_file_body::RuleFileBody;
