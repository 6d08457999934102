//! Starts and stops the monitoring of a server; never for those who may not.

use common::access::Permission;
use common::api::servers::{Monitoring, Server};
use leptos::prelude::*;

use crate::api::{servers, use_api};
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::reactive::spawn;
use crate::state::load::Load;
use crate::state::session::use_session;

/// The button, for those who may press it.
#[component]
pub fn MonitoringButton(
    /// The server.
    server: Server,
    /// Where it was read.
    load: Load<Server>,
) -> impl IntoView {
    let (api, session, toasts) = (use_api(), use_session(), use_toasts());
    let busy = RwSignal::new(false);
    let (id, name) = (server.id, StoredValue::new(server.name));
    let (next, icon, word) = match server.monitoring {
        Monitoring::Running => (Monitoring::Stopped, Icon::Stop, "Stop monitoring"),
        Monitoring::Stopped => (Monitoring::Running, Icon::Play, "Start monitoring"),
    };
    let press = move |_| {
        busy.set(true);
        let name = name.get_value();
        spawn(async move {
            let outcome = servers::set_monitoring(api, id, next).await;
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    let done = match next {
                        Monitoring::Running => "is monitored again",
                        Monitoring::Stopped => "is not monitored any more",
                    };
                    toasts.done(format!("{name} {done}."));
                    load.again();
                }
                Err(error) => toasts.failed("Monitoring stays as it was.", &error),
            }
        });
    };
    view! {
        <Show when=move || session.may(Permission::MonitoringControl)>
            <Button icon busy on_press=press>
                {word}
            </Button>
        </Show>
    }
}
