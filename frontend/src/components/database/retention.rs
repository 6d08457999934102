//! What other settings of how long something is kept would cost; never changes one.

use common::api::database::{RetentionChoice, RetentionOutlook};
use common::units::bytes_f64;
use leptos::prelude::*;

use crate::components::page::Panel;
use crate::format::bytes;
use crate::state::preferences::use_preferences;

/// One setting with the days that could be chosen.
#[component]
pub fn RetentionPanel(
    /// The setting.
    setting: RetentionOutlook,
) -> impl IntoView {
    let title = match setting.setting.as_str() {
        "metrics.retention_days" => "Keeping samples and processes",
        _ => "Keeping aggregates",
    };
    let present = setting.days;
    let rows = setting.choices.into_iter();
    let rows = rows.map(move |choice| view! { <Choice choice present /> });
    let is_known = setting.bytes_per_day.is_some();
    view! {
        <Panel title>
            <p class="muted">
                "They are kept for " {present} " days: " <code>{setting.setting}</code>
                " in the configuration."
                {(!is_known)
                    .then_some(" What other settings would save is told once there are a few hours.")}
            </p>
            {is_known
                .then(|| {
                    view! {
                        <table class="table">
                            <caption class="unseen">{title} ": what each setting costs"</caption>
                            <thead>
                                <tr>
                                    <th>"Days"</th>
                                    <th class="table__number">"Size then"</th>
                                    <th class="table__number">"Compared with now"</th>
                                </tr>
                            </thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    }
                })}
        </Panel>
    }
}

#[component]
fn Choice(choice: RetentionChoice, present: u32) -> impl IntoView {
    let preferences = use_preferences();
    let size = move |value: u64| bytes(Some(bytes_f64(value)), preferences.units());
    let compared = move || {
        let amount = size(choice.saves_bytes.unsigned_abs());
        match choice.saves_bytes {
            0 => "the same".to_owned(),
            1.. => format!("saves {amount}"),
            _ => format!("{amount} more"),
        }
    };
    let is_present = choice.days == present;
    view! {
        <tr>
            <td class="values">
                {choice.days} {is_present.then(|| view! { <span class="tag tag--after">"now"</span> })}
            </td>
            <td class="table__number values">{move || size(choice.bytes)}</td>
            <td class="table__number values">{compared}</td>
        </tr>
    }
}
