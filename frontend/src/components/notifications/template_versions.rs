//! What a template said before, and its end; never its form.

use common::access::Permission;
use common::api::templates::{Template, TemplateVersion};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::template_entered::Entered;
use super::views::Part;
use crate::api::{templates, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{FormError, Submission};
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

/// The versions of a template: one is looked at in the form, and counts when it is saved.
#[component]
pub fn Versions(
    /// The template.
    template: Template,
    /// The form.
    entered: Entered,
    /// The list that it belongs to.
    load: Load<Vec<Template>>,
) -> impl IntoView {
    let session = use_session();
    let (id, now) = (template.id, template.version);
    let versions = Load::new(move |api| templates::versions(api, id));
    let removing = RwSignal::new(false);
    let kept = StoredValue::new(template);
    let may = move || session.may(Permission::ChannelsWrite);
    view! {
        <div class="versions">
            <h3 class="field__label">"What it said"</h3>
            {load_view(
                versions,
                Shape::Rows(1),
                move |all, _| {
                    let each = all.into_iter().map(|it| view! { <Version it now entered /> });
                    view! { <ul class="versions__list">{each.collect_view()}</ul> }
                },
            )}
            <Show when=may>
                <Button kind=ButtonKind::Quiet on_press=move |_| removing.set(true)>
                    "Remove this template"
                </Button>
            </Show>
            {move || {
                removing
                    .get()
                    .then(|| view! { <RemoveDialog template=kept.get_value() removing load /> })
            }}
        </div>
    }
}

#[component]
fn Version(it: TemplateVersion, now: i64, entered: Entered) -> impl IntoView {
    let preferences = use_preferences();
    let (at, number) = (it.at, it.version);
    let look = move |_| entered.show_all(&it.parts, &it.languages);
    view! {
        <li class="versions__one">
            <span>"Version " {number}</span>
            <time class="muted" datetime=at.to_rfc3339()>
                {move || preferences.moment(at, Style::DayAndTime)}
            </time>
            {(number == now).then(|| view! { <span class="tag">"now"</span> })}
            <Button kind=ButtonKind::Quiet on_press=look>
                "Into the form"
                <span class="unseen">": version " {number}</span>
            </Button>
        </li>
    }
}

#[component]
fn RemoveDialog(
    template: Template,
    removing: RwSignal<bool>,
    load: Load<Vec<Template>>,
) -> impl IntoView {
    let (api, toasts, navigate) = (use_api(), use_toasts(), use_navigate());
    let form = Submission::new();
    let (id, name) = (template.id, template.name.clone());
    let remove = move |_| {
        let (name, navigate) = (name.clone(), navigate.clone());
        form.send(templates::remove(api, id), move |()| {
            toasts.done(format!("{name} was removed."));
            navigate(&Part::Templates.path(), NavigateOptions::default());
            load.amend(|all| all.retain(|it| it.id != id));
        });
    };
    view! {
        <Dialog
            title=format!("Remove {}?", template.name)
            on_close=move |()| removing.set(false)
        >
            <p>"Channels that use it say what the server says by itself."</p>
            <FormError of=form />
            <Actions>
                <Button on_press=move |_| removing.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Danger busy=form.busy() on_press=remove>
                    "Remove the template"
                </Button>
            </Actions>
        </Dialog>
    }
}
