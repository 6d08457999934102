//! How the stored data goes on, in four figures and a sentence; never by kind.

use common::api::database::{DiskSpace, Outlook};
use common::time::UnixMs;
use common::units::bytes_f64;
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::components::page::Panel;
use crate::format::bytes;
use crate::moments::Style;
use crate::state::preferences::use_preferences;
use crate::state::ticker::use_now;

const DAY_MS: i64 = 86_400_000;
/// A disk that is full within so many days is a warning.
const SOON_DAYS: i64 = 30;
/// Within so many it is critical.
const VERY_SOON_DAYS: i64 = 7;

/// The figures and the sentence.
#[component]
pub fn OutlookPanel(
    /// Bytes in all.
    total: u64,
    /// Bytes that the next day adds; `None` while that is not known.
    growth: Option<u64>,
    /// Where they lie; `None` when that cannot be read.
    disk: Option<DiskSpace>,
    /// How it goes on.
    outlook: Outlook,
) -> impl IntoView {
    let preferences = use_preferences();
    let size = move |value: Option<u64>| {
        let value = value.map(bytes_f64);
        move || bytes(value, preferences.units())
    };
    view! {
        <Panel>
            <dl class="facts">
                <div>
                    <dt>"In all"</dt>
                    <dd class="values">{size(Some(total))}</dd>
                </div>
                <div>
                    <dt>"The next day adds"</dt>
                    <dd class="values">{size(growth)}</dd>
                </div>
                <div>
                    <dt>"Free on the disk"</dt>
                    <dd class="values">{size(disk.map(|disk| disk.available_bytes))}</dd>
                </div>
                <div>
                    <dt>"Size of the disk"</dt>
                    <dd class="values">{size(disk.map(|disk| disk.total_bytes))}</dd>
                </div>
            </dl>
            <Sentence outlook />
        </Panel>
    }
}

#[component]
fn Sentence(outlook: Outlook) -> impl IntoView {
    let preferences = use_preferences();
    let now = use_now();
    let day = move |at: UnixMs| preferences.moment(at, Style::DayAndTime);
    match outlook {
        Outlook::Unknown => view! {
            <p class="status status--unknown status--wraps">
                {Icon::Unknown.small()}
                "How it goes on is told once there are a few hours of samples."
            </p>
        }
        .into_any(),
        Outlook::LevelsOff { at, bytes: then } => {
            let size = move || bytes(Some(bytes_f64(then)), preferences.units());
            view! {
                <p class="status status--ok status--wraps">
                    {Icon::Healthy.small()}
                    <span>
                        "Fits the disk: it levels off at about " {size} ", on "
                        {move || day(at)} "."
                    </span>
                </p>
            }
            .into_any()
        }
        Outlook::Full { at } => {
            let class = move || match at.since_ms(now.get()) / DAY_MS {
                ..VERY_SOON_DAYS => "status status--critical status--wraps",
                VERY_SOON_DAYS..SOON_DAYS => "status status--warning status--wraps",
                _ => "status status--wraps",
            };
            view! {
                <p class=class>
                    {Icon::Alert.small()}
                    <span>
                        "The disk is full about " {move || day(at)}
                        ", if nothing else is stored on it. Keep less, or give it more room."
                    </span>
                </p>
            }
            .into_any()
        }
    }
}
