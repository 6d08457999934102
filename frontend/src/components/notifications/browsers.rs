//! Telling this browser, and the list of one's own browsers; never those of others.

use common::api::channels::ChannelKind;
use common::api::push::PushSubscription;
use common::ids::PushSubscriptionId;
use leptos::prelude::*;
use leptos_router::components::A;

use super::push::{self, Ability};
use super::views::{PATH, Parts};
use crate::api::{self, ApiError, channels, use_api};
use crate::browser;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{Button, ButtonKind};
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::format::age;
use crate::reactive::{effect, memo, spawn};
use crate::state::load::Load;
use crate::state::ticker::use_now;

/// Under which the browser keeps what the server calls it.
const OWN: &str = "watchpost-push";

type Browsers = Load<Vec<PushSubscription>>;

/// This browser and the others.
#[component]
pub fn BrowsersPart() -> impl IntoView {
    let load = Load::new(api::push::list);
    let known = Load::new(channels::list);
    let has_channel = memo(move || {
        let loaded = known.state();
        loaded.with(|loaded| {
            let all = loaded.value()?;
            let tells = |kind| kind == ChannelKind::WebPush;
            Some(all.iter().any(|it| it.enabled && tells(it.kind)))
        })
    });
    let missing = move || {
        (has_channel.get() == Some(false)).then(|| {
            view! {
                <Banner tone=Tone::Warning>
                    "No browser is told before there is a channel of the kind Browsers (Web Push): "
                    <A href=PATH>"see the channels"</A>
                    "."
                </Banner>
            }
        })
    };
    view! {
        <div class="views-row">
            <Parts />
        </div>
        {missing}
        <Panel title="This browser">
            <ThisBrowser load />
        </Panel>
        {load_view(
            load,
            Shape::Rows(2),
            |all, load| view! { <Listed all load /> },
        )}
    }
}

/// The switch, or why there is none.
#[component]
fn ThisBrowser(load: Browsers) -> impl IntoView {
    let why = match push::ability() {
        Ability::Able => return view! { <Switch load /> }.into_any(),
        Ability::Insecure => {
            "Browsers take messages over HTTPS alone: open the dashboard by an https:// address."
        }
        Ability::Unable => "This browser does not know Web Push.",
        Ability::Forbidden => {
            "Messages of this page are blocked in this browser: allow them in its settings for this page, \
             then load the page again."
        }
    };
    view! { <p class="muted">{why}</p> }.into_any()
}

/// Tells this browser or not. The browser asks its person when it is turned on, never before.
#[component]
fn Switch(load: Browsers) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let is_on = RwSignal::new(false);
    effect(move || {
        let own = browser::kept(OWN);
        let is_known = load.state().with(|loaded| {
            let mut all = loaded.value().into_iter().flatten();
            all.any(|it| own.as_deref() == Some(it.id.to_string().as_str()))
        });
        spawn(async move {
            is_on.try_set(is_known && push::is_subscribed().await);
        });
    });
    let turn = move |_| {
        busy.set(true);
        wrong.set(None);
        let on = !is_on.get_untracked();
        spawn(async move {
            let outcome = if on {
                start(api).await
            } else {
                stop(api).await
            };
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    is_on.try_set(on);
                    toasts.done(if on {
                        "This browser is told."
                    } else {
                        "This browser is told no more."
                    });
                    load.again();
                }
                Err(why) => {
                    wrong.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <div class="form">
            <button
                type="button"
                role="switch"
                class="switch"
                aria-checked=move || if is_on.get() { "true" } else { "false" }
                aria-label="Tell this browser"
                disabled=busy
                on:click=turn
            >
                <span class="switch__knob"></span>
                <span class="switch__word">"Tell this browser"</span>
            </button>
            <p class="field__hint">
                "It shows alerts also while the dashboard is closed. Messages are encrypted for this browser."
            </p>
            <div role="alert">
                {move || wrong.get().map(|why| view! { <Banner tone=Tone::Critical>{why}</Banner> })}
            </div>
        </div>
    }
}

async fn start(api: crate::api::Api) -> Result<(), String> {
    let words = |error: ApiError| error.message();
    let key = api::push::key(api).await.map_err(words)?;
    let subscription = push::subscribe(&key.public_key).await?;
    let added = api::push::add(api, subscription).await.map_err(words)?;
    browser::keep(OWN, Some(&added.id.to_string()));
    Ok(())
}

async fn stop(api: crate::api::Api) -> Result<(), String> {
    push::unsubscribe().await?;
    if let Some(id) = browser::kept(OWN).and_then(|id| id.parse().ok()) {
        match api::push::remove(api, id).await {
            Ok(()) | Err(ApiError::NotFound) => {}
            Err(error) => return Err(error.message()),
        }
    }
    browser::keep(OWN, None);
    Ok(())
}

#[component]
fn Listed(all: Vec<PushSubscription>, load: Browsers) -> impl IntoView {
    if all.is_empty() {
        return view! {
            <div class="panel panel--flush">
                <Empty
                    title="None of your browsers is told"
                    text="Open this page in a browser and turn the switch on."
                />
            </div>
        }
        .into_any();
    }
    let rows = all.into_iter().map(|it| view! { <Row it load /> });
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards">
                <caption class="unseen">"Your browsers that are told"</caption>
                <thead>
                    <tr>
                        <th>"Push service"</th>
                        <th>"Told since"</th>
                        <th>
                            <span class="unseen">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(it: PushSubscription, load: Browsers) -> impl IntoView {
    let (api, toasts, now) = (use_api(), use_toasts(), use_now());
    let busy = RwSignal::new(false);
    let (id, at): (PushSubscriptionId, _) = (it.id, it.created_at);
    let is_own = browser::kept(OWN).as_deref() == Some(id.to_string().as_str());
    let remove = move |_| {
        busy.set(true);
        spawn(async move {
            match api::push::remove(api, id).await {
                Ok(()) => {
                    toasts.done("That browser is told no more.");
                    load.again();
                }
                Err(error) => toasts.failed("That browser is still told.", &error),
            }
            busy.try_set(false);
        });
    };
    view! {
        <tr>
            <td data-label="Push service">
                <span>
                    {it.service}
                    {is_own.then(|| view! { <span class="tag tag--after">"this browser"</span> })}
                </span>
            </td>
            <td data-label="Told since" class="muted">
                <time datetime=at.to_rfc3339()>{move || age(now.get().since_ms(at))}</time>
            </td>
            <td class="table__actions">
                <Button kind=ButtonKind::Quiet busy on_press=remove>
                    "Stop telling it"
                </Button>
            </td>
        </tr>
    }
}
