//! Where a rule applies and which channels it tells, in its form; never who sees it.

use leptos::prelude::*;

use super::pick::Pick;
use super::rule_fields::RuleFields;
use crate::api::telling;
use crate::components::form::Submission;
use crate::reactive::memo;
use crate::state::fleet::use_fleet;
use crate::state::load::Load;

/// The servers and groups.
#[component]
pub fn Scope(
    /// The form's fields.
    fields: RuleFields,
    /// The form.
    form: Submission,
) -> impl IntoView {
    let fleet = use_fleet();
    let servers = memo(move || {
        let rows = fleet.rows().into_iter();
        rows.map(|row| (row.id.to_string(), row.status.with(|it| it.name.clone())))
            .collect::<Vec<_>>()
    });
    let groups = memo(move || {
        let rows = fleet.rows().into_iter();
        let groups = rows.filter_map(|row| row.status.with(|it| it.group.clone()));
        let mut groups: Vec<_> = groups.map(|it| (it.clone(), it)).collect();
        groups.sort();
        groups.dedup();
        groups
    });
    view! {
        <div class="form__row">
            <Pick
                id="rule-servers"
                label="On servers"
                none="Every server"
                all=servers
                chosen=fields.servers
                error=form.field("scope")
            />
            <Pick
                id="rule-groups"
                label="On servers of groups"
                none="Every group"
                all=groups
                chosen=fields.groups
            />
        </div>
    }
}

/// The channels.
#[component]
pub fn Channels(
    /// The form's fields.
    fields: RuleFields,
    /// The form.
    form: Submission,
) -> impl IntoView {
    let load = Load::new(telling::channels);
    let all = memo(move || {
        load.state().with(|state| {
            let all = state.value().into_iter().flatten();
            let name = |it: &common::api::preferences::ChannelName| {
                let off = if it.enabled { "" } else { " (off)" };
                (it.id.to_string(), format!("{}{off}", it.name))
            };
            all.map(name).collect::<Vec<_>>()
        })
    });
    view! {
        <Pick
            id="rule-channels"
            label="Tells channels"
            none="As the routes say"
            all
            chosen=fields.channels
            error=form.field("channels")
        />
    }
}
