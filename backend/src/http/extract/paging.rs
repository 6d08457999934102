//! Pages of a list: limit and cursor in, `next_cursor` out; never what is listed.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::api::list::Page;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::query::read;
use crate::http::problem::Problem;

const MOST: usize = 500;
const USUAL: usize = 50;

/// Which part of a list is wanted.
#[derive(Debug, Clone)]
pub struct Paging {
    limit: usize,
    cursor: Option<String>,
}

/// The parameters as a request sends them, for `params(PageParameters)` of an operation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParameters {
    /// How many entries at most: 1 to 500, usually 50.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Paging {
    /// How many rows to ask for: one more than the page holds tells whether another follows.
    pub fn fetch(&self) -> usize {
        self.limit + 1
    }

    /// The key of the last entry of the page before; `None` on the first page. 422 for a cursor
    /// that this list never gave out.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        URL_SAFE_NO_PAD
            .decode(cursor)
            .ok()
            .and_then(|bytes| postcard::from_bytes(&bytes).ok())
            .map(Some)
            .ok_or_else(|| Problem::field("cursor", "not a cursor of this list"))
    }

    /// The page made of up to [`Paging::fetch`] entries; `key` orders the list.
    pub fn page<T, K: Serialize>(&self, mut items: Vec<T>, key: impl Fn(&T) -> K) -> Page<T> {
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let next_cursor = items
            .last()
            .filter(|_| more)
            .and_then(|last| postcard::to_allocvec(&key(last)).ok())
            .map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        Page { items, next_cursor }
    }

    fn read(query: &str) -> Result<Self, Problem> {
        let parameters: PageParameters = read(query)?;
        let limit = parameters.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::field("limit", format!("not between 1 and {MOST}")));
        }
        Ok(Self {
            limit,
            cursor: parameters.cursor,
        })
    }
}

impl FromRequest for Paging {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request.query_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(list: &[(u32, &'static str)], query: &str) -> Page<(u32, &'static str)> {
        let paging = Paging::read(query).unwrap();
        let after: Option<u32> = paging.after().unwrap();
        let rows = list.iter().copied();
        let rows = rows.filter(|(key, _)| after.is_none_or(|after| *key > after));
        let rows = rows.take(paging.fetch()).collect();
        paging.page(rows, |(key, _)| *key)
    }

    #[test]
    fn the_pages_of_a_list_are_the_list() {
        let list: Vec<(u32, &str)> = (0..7).map(|key| (key, "row")).collect();
        for limit in 1..=8 {
            let (mut seen, mut query) = (Vec::new(), format!("limit={limit}"));
            loop {
                let page = listed(&list, &query);
                seen.extend(page.items);
                let Some(cursor) = page.next_cursor else {
                    break;
                };
                query = format!("limit={limit}&cursor={cursor}");
            }
            assert_eq!(seen, list, "limit {limit}");
        }
    }

    #[test]
    fn impossible_pages_are_refused() {
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=501", "limit"),
            ("limit=x", "limit"),
        ] {
            let problem = Paging::read(query).unwrap_err().to_wire("");
            assert_eq!(problem.errors[0].field, field, "{query}");
        }
        let foreign = Paging::read("cursor=%20").unwrap();
        assert!(foreign.after::<u32>().is_err());
    }
}
