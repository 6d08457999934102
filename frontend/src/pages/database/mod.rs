//! The pages around the databases, one a file; never their tabs.

pub mod jobs;
pub mod storage;

pub use jobs::JobsPage;
pub use storage::StoragePage;
