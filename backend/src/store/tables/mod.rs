//! Rows and queries, one file a table; never a wire type, never a decision.
//!
//! How to write one:
//! - The table stands in `store/schema.rs` (`diesel::table!`) and in a migration of each engine: ids
//!   `BLOB` or `BYTEA`, times `BIGINT` (milliseconds), enums `TEXT` with `CHECK`, JSON `TEXT`.
//! - The row struct uses the column types below: [`Blob`] for ids, [`Moment`] for times, [`Word`]
//!   for enums that serde writes as one word, [`Json`] for documents, [`Real`] for numbers.
//!   `row.id.0` is the value; `table::id.eq(Blob(id))` compares.
//! - Functions take `&mut Connection` and return `Result<_, StoreError>`; "not found" is
//!   `Option` (`.optional()?`). What the typed connection cannot say goes through `both!`. They are
//!   called inside `Store::read` and `Store::change`.
//! - `From`/`TryFrom` to the types of `common` stand beside the row.

pub mod aggregate;
pub mod alert;
pub mod alert_history;
pub mod alert_picture;
pub mod alert_snapshot;
pub mod alerting_document;
pub mod api_key;
pub mod channel;
pub mod cleanup;
mod column;
pub mod consent;
pub mod decision;
pub mod delivery;
pub mod delivery_attempt;
pub mod delivery_claim;
pub mod delivery_log;
pub mod escalation;
pub mod forward;
pub mod frame;
pub mod inbox;
pub mod intent;
pub mod intent_trace;
pub mod job;
pub mod notice;
pub mod notification_preference;
pub mod pack;
pub mod pack_past;
pub mod process_pack;
pub mod processes;
pub mod push_subscription;
pub mod recording;
pub mod rule;
pub mod series;
pub mod server;
pub mod server_secret;
pub mod session;
pub mod setting;
pub mod stale_day;
pub mod template;
pub mod user;

pub use column::{Blob, Json, Moment, Real, Word};
