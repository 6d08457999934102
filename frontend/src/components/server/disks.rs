//! How full each filesystem is; never how fast a disk is.

use common::host::Filesystem;
use leptos::prelude::*;

use crate::components::meter::{Marks, Meter};
use crate::components::page::Panel;
use crate::format::bytes;
use crate::reactive::memo;
use crate::state::preferences::use_preferences;
use crate::state::samples::LiveSample;

/// As the disk rule has it from the first start.
const MARKS: Marks = Marks {
    warning: 80.0,
    critical: 95.0,
};

/// The filesystems that can fill up, the fullest first.
#[component]
pub fn Disks(
    /// The newest sample.
    live: ReadSignal<Option<LiveSample>>,
) -> impl IntoView {
    let shown = memo(move || {
        live.with(|live| {
            live.as_ref()
                .map(|live| sorted(&live.sample.filesystems))
                .unwrap_or_default()
        })
    });
    let mounts = memo(move || {
        shown.with(|shown| {
            let mounts = shown.iter().map(|fs| fs.mountpoint.clone());
            mounts.collect::<Vec<_>>()
        })
    });
    view! {
        <Panel title="Disks">
            <ul class="disks">
                <For each=move || mounts.get() key=Clone::clone let:mount>
                    <Disk mount shown />
                </For>
            </ul>
        </Panel>
    }
}

#[component]
fn Disk(mount: String, shown: Memo<Vec<Filesystem>>) -> impl IntoView {
    let preferences = use_preferences();
    let own = {
        let mount = mount.clone();
        memo(move || shown.with(|shown| shown.iter().find(|fs| fs.mountpoint == mount).cloned()))
    };
    let percent = move || own.with(|own| own.as_ref().and_then(|fs| fs.percent));
    let amounts = move || {
        let own = own.get()?;
        let read = |amount| bytes(Some(common::units::bytes_f64(amount)), preferences.units());
        Some(format!(
            "{} of {}",
            read(own.used_bytes),
            read(own.total_bytes)
        ))
    };
    view! {
        <li class="disks__one">
            <span class="disks__mount" title=mount.clone()>
                {mount.clone()}
            </span>
            <span class="disks__amounts values muted">{amounts}</span>
            <Meter label="used" value=Signal::derive(percent) marks=MARKS />
        </li>
    }
}

/// Those that the disk rule looks at come first; memory and overlays only when nothing else is there.
fn sorted(all: &[Filesystem]) -> Vec<Filesystem> {
    let watched = || all.iter().filter(|fs| fs.watched).cloned();
    let mut shown: Vec<_> = if watched().next().is_some() {
        watched().collect()
    } else {
        all.iter()
            .filter(|fs| fs.percent.is_some())
            .cloned()
            .collect()
    };
    crate::sorting::sort_by(&mut shown, |a, b| a.mountpoint.cmp(&b.mountpoint));
    shown
}

#[cfg(test)]
mod tests {
    use super::sorted;
    use common::host::Filesystem;

    fn filesystem(mountpoint: &str, watched: bool) -> Filesystem {
        Filesystem {
            mountpoint: mountpoint.to_owned(),
            percent: Some(1.0),
            watched,
            ..Filesystem::default()
        }
    }

    #[test]
    fn what_can_fill_up_is_shown_and_in_a_container_what_there_is() {
        let mounts = |all: &[Filesystem]| -> Vec<String> {
            sorted(all).into_iter().map(|fs| fs.mountpoint).collect()
        };
        let both = [
            filesystem("/run", false),
            filesystem("/srv", true),
            filesystem("/", true),
        ];
        assert_eq!(mounts(&both), ["/", "/srv"]);
        assert_eq!(mounts(&[filesystem("/", false)]), ["/"]);
    }
}
