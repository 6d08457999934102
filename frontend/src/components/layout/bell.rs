//! The bell with its unread messages; never the alerts themselves.

use common::api::inbox::InboxItem;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::api::ApiError;
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::Icon;
use crate::components::status::SeverityPill;
use crate::components::toast::use_toasts;
use crate::format::age;
use crate::reactive::spawn;
use crate::state::inbox::use_inbox;
use crate::state::ticker::use_now;

/// The bell and the panel that opens below it.
#[component]
pub fn Bell() -> impl IntoView {
    let inbox = use_inbox();
    let unread = inbox.unread();
    let label = move || match unread.get() {
        0 => "Messages, none unread".to_owned(),
        count => format!("Messages, {count} unread"),
    };
    view! {
        <button
            type="button"
            class="bell"
            class:bell--unread=move || { unread.get() > 0 }
            popovertarget="inbox"
            aria-label=label
            title=label
        >
            {Icon::Bell.view()}
            <span class="bell__count" aria-hidden="true">
                {move || match unread.get() {
                    0 => None,
                    count @ 1..100 => Some(count.to_string()),
                    _ => Some("99+".into()),
                }}
            </span>
        </button>
        <div class="float float--inbox" id="inbox" popover="auto">
            <InboxPanel />
        </div>
    }
}

#[component]
fn InboxPanel() -> impl IntoView {
    let inbox = use_inbox();
    let toasts = use_toasts();
    let tell = move |outcome: Result<(), ApiError>| {
        if let Err(error) = outcome {
            toasts.failed("Not marked as read.", &error);
        }
    };
    let read = move |id| spawn(async move { tell(inbox.mark_read(id).await) });
    let read_all = move |_| spawn(async move { tell(inbox.mark_all_read().await) });
    let is_empty = move || inbox.items().with(Vec::is_empty);
    view! {
        <div class="float__head">
            <h2>"Messages"</h2>
            <Show when=move || { inbox.unread().get() > 0 }>
                <Button kind=ButtonKind::Quiet on_press=read_all>
                    "Mark all as read"
                </Button>
            </Show>
        </div>
        <Show when=is_empty>
            <p class="float__none">"Nothing yet. When an alert changes, it is told here."</p>
        </Show>
        <ul class="inbox">
            <For
                each=move || inbox.items().get()
                key=|item| (item.id, item.read_at.is_some())
                let:item
            >
                <Message item on_read=read />
            </For>
        </ul>
        <div class="float__foot">
            <A href="/alerts">"All alerts"</A>
        </div>
    }
}

#[component]
fn Message(
    item: InboxItem,
    #[prop(into)] on_read: Callback<common::ids::InboxItemId>,
) -> impl IntoView {
    let now = use_now();
    let (id, at) = (item.id, item.at);
    let is_unread = item.read_at.is_none();
    view! {
        <li class="message" class:message--unread=is_unread>
            <SeverityPill severity=item.severity text=item.change.as_str() />
            <p class="message__title">{item.title}</p>
            <p class="message__body">{item.body}</p>
            <p class="message__foot">
                <time datetime=at.to_rfc3339()>{move || age(now.get().since_ms(at))}</time>
                {is_unread
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Quiet on_press=move |_| on_read.run(id)>
                                "Mark as read"
                            </Button>
                        }
                    })}
            </p>
        </li>
    }
}
