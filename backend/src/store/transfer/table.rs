//! One table on its way from a file to a server: streamed, and read back; never which tables there are.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::store::error::StoreError;

/// Rows and bytes that are held at once, whichever is reached first.
pub(super) const ROWS: usize = 2_000;
pub(super) const BYTES: usize = 4 << 20;

/// Told after each batch: how many rows of the table are through.
pub(super) type Seen<'a> = &'a mut dyn FnMut(u64);

/// A table that is moved.
pub(super) struct Table {
    pub(super) name: &'static str,
    #[cfg(test)]
    pub(super) columns: &'static [&'static str],
    /// The column that the engine numbers, when there is one.
    pub(super) numbered: &'static [&'static str],
    pub(super) is_empty: fn(&mut PgConnection) -> Result<bool, StoreError>,
    pub(super) copy: fn(&mut SqliteConnection, &mut PgConnection, Seen) -> Result<Sum, StoreError>,
    pub(super) read_back: fn(&mut PgConnection) -> Result<Sum, StoreError>,
}

/// How many rows there are and, in the order of their keys, what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) rows: u64,
    digest: Vec<u8>,
}

/// A [`Sum`] in the making.
#[derive(Default)]
pub(super) struct Summing {
    rows: u64,
    digest: Sha256,
}

impl Summing {
    /// Adds a row; how many bytes it has.
    pub(super) fn add(&mut self, row: &impl Serialize) -> Result<usize, StoreError> {
        let bytes = postcard::to_allocvec(row).map_err(|_| StoreError::Corrupt { what: "row" })?;
        self.digest.update(&bytes);
        self.rows += 1;
        Ok(bytes.len())
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn finish(self) -> Sum {
        Sum {
            rows: self.rows,
            digest: self.digest.finalize().to_vec(),
        }
    }
}

/// A value that a server may refuse.
pub(super) trait Fit {
    /// Replaces what it does not take: the character NUL, by the one for what cannot be shown.
    fn fit(&mut self) {}
}

impl Fit for Vec<u8> {}
impl Fit for i64 {}
impl Fit for i32 {}
impl Fit for f64 {}
impl Fit for bool {}

impl Fit for String {
    fn fit(&mut self) {
        if self.contains('\0') {
            *self = self.replace('\0', "\u{FFFD}");
        }
    }
}

impl<T: Fit> Fit for Option<T> {
    fn fit(&mut self) {
        if let Some(value) = self {
            value.fit();
        }
    }
}

#[derive(QueryableByName)]
struct Highest {
    #[diesel(sql_type = BigInt)]
    highest: i64,
}

/// The highest number that a table of a file ever gave out, as far as it remembers.
pub(super) fn highest(
    from: &mut SqliteConnection,
    table: &str,
    column: &str,
) -> Result<i64, StoreError> {
    let present: Highest = diesel::sql_query(format!(
        "SELECT COALESCE(MAX({column}), 0) AS highest FROM \"{table}\""
    ))
    .get_result(from)?;
    // Where no table forbids that a number is used again, nobody remembers what was used.
    let remembered: Highest = diesel::sql_query(
        "SELECT COUNT(*) AS highest FROM sqlite_schema WHERE name = 'sqlite_sequence'",
    )
    .get_result(from)?;
    if remembered.highest == 0 {
        return Ok(present.highest);
    }
    let given_out: Highest = diesel::sql_query(
        "SELECT COALESCE(MAX(seq), 0) AS highest FROM sqlite_sequence WHERE name = $1",
    )
    .bind::<Text, _>(table)
    .get_result(from)?;
    Ok(present.highest.max(given_out.highest))
}

/// Lets the numbers of a table go on after the highest.
pub(super) fn go_on_after(
    to: &mut PgConnection,
    table: &str,
    column: &str,
    highest: i64,
) -> Result<(), StoreError> {
    let moved = diesel::sql_query(
        "SELECT setval(pg_get_serial_sequence($1, $2), GREATEST($3, 1), $3 > 0) AS highest",
    );
    let _: Highest = moved
        .bind::<Text, _>(format!("\"{table}\""))
        .bind::<Text, _>(column)
        .bind::<BigInt, _>(highest)
        .get_result(to)?;
    Ok(())
}

/// Lists tables, each with its key and its columns.
macro_rules! moved {
    (
        $(#[$about:meta])*
        $list:ident:
        $($table:ident by ($($key:ident),+) $(numbered $number:ident)? {
            $($column:ident: $type:ty,)+
        })+
    ) => {
        $(#[$about])*
        pub(super) const $list: &[super::table::Table] = &[$(super::table::Table {
            name: stringify!($table),
            #[cfg(test)]
            columns: &[$(stringify!($column)),+],
            numbered: &[$(stringify!($number))?],
            is_empty: $table::is_empty,
            copy: $table::copy,
            read_back: $table::read_back,
        }),+];

        $(mod $table {
            use diesel::connection::DefaultLoadingMode;
            use diesel::pg::PgRowByRowLoadingMode;
            use diesel::prelude::*;
            use serde::Serialize;

            use crate::store::error::StoreError;
            use crate::store::schema::$table;
            use crate::store::transfer::table::{BYTES, Fit, ROWS, Seen, Sum, Summing};

            #[derive(Queryable, Selectable, Insertable, Serialize)]
            #[diesel(table_name = $table, treat_none_as_default_value = false)]
            struct Row {
                $($column: $type,)+
            }

            pub(super) fn is_empty(to: &mut PgConnection) -> Result<bool, StoreError> {
                let first = $table::table.select(Row::as_select()).first(to);
                Ok(first.optional()?.is_none())
            }

            pub(super) fn copy(
                from: &mut SqliteConnection,
                to: &mut PgConnection,
                seen: Seen,
            ) -> Result<Sum, StoreError> {
                let mut sum = Summing::default();
                let (mut batch, mut bytes) = (Vec::new(), 0);
                let rows = $table::table
                    .order(($($table::$key,)+))
                    .select(Row::as_select())
                    .load_iter::<Row, DefaultLoadingMode>(from)?;
                for row in rows {
                    let mut row = row?;
                    $(row.$column.fit();)+
                    bytes += sum.add(&row)?;
                    batch.push(row);
                    if batch.len() >= ROWS || bytes >= BYTES {
                        put(to, &batch)?;
                        (batch, bytes) = (Vec::new(), 0);
                        seen(sum.rows());
                    }
                }
                put(to, &batch)?;
                Ok(sum.finish())
            }

            fn put(to: &mut PgConnection, rows: &[Row]) -> Result<(), StoreError> {
                if !rows.is_empty() {
                    diesel::copy_from($table::table)
                        .from_insertable(rows)
                        .execute(to)?;
                }
                Ok(())
            }

            pub(super) fn read_back(to: &mut PgConnection) -> Result<Sum, StoreError> {
                let mut sum = Summing::default();
                let rows = $table::table
                    .order(($($table::$key,)+))
                    .select(Row::as_select())
                    .load_iter::<Row, PgRowByRowLoadingMode>(to)?;
                for row in rows {
                    sum.add(&row?)?;
                }
                Ok(sum.finish())
            }
        })+
    };
}

pub(super) use moved;
