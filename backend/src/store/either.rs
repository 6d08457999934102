//! A connection to either engine, with all that Diesel derives for it; never how one is opened.
//! Outside it is called `Connection`; the derive has no room for that name.

use diesel::{PgConnection, SqliteConnection};

/// A connection to one of the two databases, of whichever engine it is.
#[derive(diesel::MultiConnection)]
pub enum Either {
    /// The embedded engine: one file.
    Sqlite(SqliteConnection),
    /// A server: one schema of its database.
    Pg(PgConnection),
}
