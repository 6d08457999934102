//! Table `server`: what is watched; never its samples or its status.

use common::api::servers::{Monitoring, ServerKind};
use common::ids::ServerId;
use diesel::prelude::*;

use super::{Blob, Json, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::server;

/// A watched server as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = server, treat_none_as_null = true, check_for_backend(MultiBackend))]
pub struct ServerRow {
    /// The same for ever.
    pub id: Blob<ServerId>,
    /// Unique.
    pub name: String,
    /// How its samples come.
    pub kind: Word<ServerKind>,
    /// Where it is reached; `None` for kinds that connect by themselves.
    pub address: Option<String>,
    /// Its group; `None` when it is in none.
    pub group_name: Option<String>,
    /// Sorted.
    pub tags: Json<Vec<String>>,
    /// Seconds between its samples.
    pub interval_seconds: i32,
    /// Watched at all.
    pub enabled: bool,
    /// Whether samples are taken.
    pub monitoring: Word<Monitoring>,
    /// When it was added.
    pub created_at: Moment,
    /// When a setting of it last changed.
    pub updated_at: Moment,
}

/// All servers, by name.
pub fn all(conn: &mut Connection) -> Result<Vec<ServerRow>, StoreError> {
    Ok(server::table
        .order(server::name)
        .select(ServerRow::as_select())
        .load(conn)?)
}

/// The server with that id; `None` when there is none.
pub fn find(conn: &mut Connection, id: ServerId) -> Result<Option<ServerRow>, StoreError> {
    Ok(server::table
        .find(Blob(id))
        .select(ServerRow::as_select())
        .first(conn)
        .optional()?)
}

/// Adds a server; a name that exists is a unique violation.
pub fn insert(conn: &mut Connection, row: &ServerRow) -> Result<(), StoreError> {
    diesel::insert_into(server::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Replaces a server by its id; nothing happens when there is none.
pub fn update(conn: &mut Connection, row: &ServerRow) -> Result<(), StoreError> {
    diesel::update(server::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use common::time::UnixMs;
    use uuid::Uuid;

    use super::*;
    use crate::store::Actor;
    use crate::store::testing::{Place, on_both};

    on_both!(a_server_is_kept_found_and_switched);

    const ACTOR: Actor = Actor::System("test");

    fn web(number: u128, name: &str) -> ServerRow {
        ServerRow {
            id: Blob(ServerId(Uuid::from_u128(number))),
            name: name.to_owned(),
            kind: Word(ServerKind::Local),
            address: None,
            group_name: Some("web".to_owned()),
            tags: Json(vec!["a".to_owned()]),
            interval_seconds: 1,
            enabled: true,
            monitoring: Word(Monitoring::Running),
            created_at: Moment(UnixMs(1)),
            updated_at: Moment(UnixMs(1)),
        }
    }

    async fn a_server_is_kept_found_and_switched(place: Place) {
        let store = place.open();
        let row = web(7, "web-1");
        let id = row.id.0;
        let kept = row.clone();
        store
            .change(&ACTOR, move |conn| insert(conn, &row))
            .await
            .unwrap();
        assert_eq!(store.read(all).await.unwrap(), [kept]);

        let twice = store
            .change(&ACTOR, |conn| insert(conn, &web(8, "web-1")))
            .await;
        assert!(twice.unwrap_err().is_unique_violation());

        let stopped = ServerRow {
            monitoring: Word(Monitoring::Stopped),
            group_name: None,
            updated_at: Moment(UnixMs(5)),
            ..web(7, "web-1")
        };
        let wanted = stopped.clone();
        let changed = store
            .change(&ACTOR, move |conn| {
                update(conn, &stopped)?;
                find(conn, id)
            })
            .await;
        assert_eq!(changed.unwrap(), Some(wanted));

        let nobody = ServerId(Uuid::from_u128(9));
        let missing = store.read(move |conn| find(conn, nobody)).await;
        assert_eq!(missing.unwrap(), None);
    }
}
