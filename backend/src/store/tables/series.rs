//! Tables `series` and `layout`: what the columns of frames are; never the frames.

use std::collections::BTreeSet;

use common::ids::ServerId;
use common::series::{Labels, SeriesKey};
use diesel::prelude::*;

use super::{Blob, Json};
use crate::store::Connection;
use crate::store::connection::both;
use crate::store::error::StoreError;
use crate::store::schema::{layout, series};

/// All series with their numbers.
pub fn all(conn: &mut Connection) -> Result<Vec<(u32, SeriesKey)>, StoreError> {
    let rows: Vec<(i64, Blob<ServerId>, String, Json<Labels>)> = series::table.load(conn)?;
    rows.into_iter()
        .map(|(id, server, metric, labels)| {
            Ok((number(id)?, SeriesKey::new(server.0, metric, labels.0)))
        })
        .collect()
}

/// The number of a series, which is added when it is new.
pub fn number_of(conn: &mut Connection, key: &SeriesKey) -> Result<u32, StoreError> {
    let columns = (
        series::server.eq(Blob(key.server)),
        series::metric.eq(key.metric.as_str()),
        series::labels.eq(Json(key.labels.clone())),
    );
    let added = both!(conn, conn => diesel::insert_into(series::table)
        .values(columns)
        .on_conflict_do_nothing()
        .returning(series::id)
        .get_result(conn)
        .optional()?);
    if let Some(id) = added {
        return number(id);
    }
    let id = series::table
        .filter(series::server.eq(Blob(key.server)))
        .filter(series::metric.eq(key.metric.as_str()))
        .filter(series::labels.eq(Json(key.labels.clone())))
        .select(series::id)
        .first(conn)?;
    number(id)
}

/// The number of a layout, which is added when it is new.
pub fn layout_of(conn: &mut Connection, columns: &[u32]) -> Result<u32, StoreError> {
    let bytes: Vec<u8> = columns.iter().flat_map(|one| one.to_le_bytes()).collect();
    let added = both!(conn, conn => diesel::insert_into(layout::table)
        .values(layout::series.eq(&bytes))
        .on_conflict_do_nothing()
        .returning(layout::id)
        .get_result(conn)
        .optional()?);
    if let Some(id) = added {
        return number(id);
    }
    let id = layout::table
        .filter(layout::series.eq(&bytes))
        .select(layout::id)
        .first(conn)?;
    number(id)
}

/// The columns of a layout; `None` when there is no such layout.
pub fn columns_of(conn: &mut Connection, id: u32) -> Result<Option<Vec<u32>>, StoreError> {
    let bytes: Option<Vec<u8>> = layout::table
        .find(i64::from(id))
        .select(layout::series)
        .first(conn)
        .optional()?;
    let Some(bytes) = bytes else { return Ok(None) };
    let (columns, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(StoreError::Corrupt { what: "layout" });
    }
    Ok(Some(
        columns.iter().map(|one| u32::from_le_bytes(*one)).collect(),
    ))
}

/// Removes the layouts that are not among `used`; their numbers.
pub fn remove_other_layouts(
    conn: &mut Connection,
    used: &BTreeSet<u32>,
) -> Result<Vec<u32>, StoreError> {
    let all: Vec<i64> = layout::table.select(layout::id).load(conn)?;
    let mut removed = Vec::new();
    for id in all {
        let layout = number(id)?;
        if !used.contains(&layout) {
            diesel::delete(layout::table.find(id)).execute(conn)?;
            removed.push(layout);
        }
    }
    Ok(removed)
}

fn number(id: i64) -> Result<u32, StoreError> {
    u32::try_from(id).map_err(|_| StoreError::Corrupt {
        what: "number of a series",
    })
}
