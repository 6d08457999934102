//! The pages around the databases, one a file; never their tabs.

mod jobs;
mod storage;

pub use jobs::JobsPage;
pub use storage::StoragePage;
