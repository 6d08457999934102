//! One's own sessions, and how to end one; never those of others.

use common::api::auth::Session;
use leptos::prelude::*;

use crate::api::{auth, use_api};
use crate::components::button::Button;
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::format::age;
use crate::reactive::spawn;
use crate::state::load::Load;
use crate::state::ticker::use_now;

/// One's own sessions.
#[component]
pub fn Sessions() -> impl IntoView {
    let load = Load::new(auth::sessions);
    load_view(load, Shape::Rows(2), |sessions, load| {
        view! {
            <ul class="sessions">
                {sessions
                    .into_iter()
                    .map(|session| view! { <SessionEntry session load /> })
                    .collect_view()}
            </ul>
        }
    })
}

#[component]
fn SessionEntry(session: Session, load: Load<Vec<Session>>) -> impl IntoView {
    let now = use_now();
    let api = use_api();
    let toasts = use_toasts();
    let (busy, set_busy) = signal(false);
    let (id, used) = (session.id, session.last_used_at);
    let end = move |_| {
        set_busy.set(true);
        spawn(async move {
            match auth::end_session(api, id).await {
                Ok(()) => {
                    load.amend(|sessions| sessions.retain(|session| session.id != id));
                    toasts.done("The session was ended.");
                }
                Err(error) => toasts.failed("The session goes on.", &error),
            }
            set_busy.try_set(false);
        });
    };
    view! {
        <li class="sessions__entry">
            <div class="sessions__what">
                <p>
                    {device(session.user_agent.as_deref())} " "
                    {session
                        .current
                        .then(|| view! { <span class="pill pill--ok">"This browser"</span> })}
                </p>
                <p class="muted">
                    {session.address.unwrap_or_else(|| "unknown address".into())} " · used "
                    <time datetime=used
                        .to_rfc3339()>{move || age(now.get().since_ms(used))}</time>
                </p>
            </div>
            {(!session.current)
                .then(|| {
                    view! {
                        <Button busy=busy on_press=end>
                            "End"
                        </Button>
                    }
                })}
        </li>
    }
}

/// Browser and system in words, from what the browser says of itself.
fn device(user_agent: Option<&str>) -> String {
    let Some(text) = user_agent else {
        return "Unknown device".into();
    };
    let find = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| text.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.into(),
        (None, None) => text.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn devices_are_named() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
        for (text, expected) in [
            (Some(chrome), "Chrome on Linux"),
            (Some("Mozilla/5.0 (iPhone) Safari/604"), "Safari on iPhone"),
            (Some("curl/8.5"), "curl/8.5"),
            (None, "Unknown device"),
        ] {
            assert_eq!(device(text), expected);
        }
    }
}
