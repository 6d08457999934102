//! What is stored, how it grows and what other retention would save; never a job.

use common::api::database::Storage;
use leptos::prelude::*;

use crate::api::database;
use crate::components::database::kinds::Kinds;
use crate::components::database::outlook::OutlookPanel;
use crate::components::database::retention::RetentionPanel;
use crate::components::database::tabs::{DatabaseTabs, Tab};
use crate::components::load_view::load_view;
use crate::components::page::{Panel, TextPage};
use crate::components::skeleton::Shape;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};

/// What is stored.
#[component]
pub fn StoragePage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Database", "/database"), Crumb::here("Storage")]);
    let load = Load::new(database::storage);
    view! {
        <TextPage title="Database">
            <DatabaseTabs present=Tab::Storage />
            {load_view(load, Shape::Panel, |storage, _| panels(storage))}
        </TextPage>
    }
}

fn panels(storage: Storage) -> impl IntoView {
    let Storage {
        total_bytes: total,
        kinds,
        growth_bytes_per_day: growth,
        disk,
        outlook,
        retention,
    } = storage;
    view! {
        <OutlookPanel total growth disk outlook />
        <Panel title="What is stored">
            <Kinds kinds total />
        </Panel>
        {retention
            .into_iter()
            .map(|setting| view! { <RetentionPanel setting /> })
            .collect_view()}
    }
}
