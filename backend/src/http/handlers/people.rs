//! Who else has a login; never more than a name.

use actix_web::{Responder, web};
use common::api::list::Page;
use common::api::people::Person;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{PageParameters, Paging};
use crate::http::problem::Problem;

/// Everyone with a login, by login name.
#[utoipa::path(
    get, path = "/api/v1/people", tag = "people", params(PageParameters),
    responses((status = 200, description = "A page of people", body = Page<Person>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    allowed: Allowed<may::PeopleRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let people = app
        .auth
        .people(&allowed, paging.after()?, paging.fetch())
        .await?;
    let page = paging.page(people, |(username, _)| username.clone());
    Ok(web::Json(Page {
        items: page.items.into_iter().map(|(_, person)| person).collect(),
        next_cursor: page.next_cursor,
    }))
}
