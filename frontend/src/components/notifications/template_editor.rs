//! One template beside what it says now; never its rendering.

use common::access::Permission;
use common::api::channels::ChannelKind;
use common::api::templates::Template;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

use super::kinds;
use super::template_entered::{Entered, field, takes_html};
use super::template_languages::Languages;
use super::template_preview::TemplatePreview;
use super::template_versions::Versions;
use super::views::Part;
use crate::api::templates;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Actions;
use crate::components::form::{Choice, Field, FormError, LongField, Submission};
use crate::components::page::Panel;
use crate::components::toast::use_toasts;
use crate::reactive::memo;
use crate::state::load::Load;
use crate::state::session::use_session;

/// The form of a template, and what it says.
#[component]
pub fn TemplateEditor(
    /// What is changed; `None`: a new one.
    template: Option<Template>,
    /// The list that it belongs to.
    load: Load<Vec<Template>>,
) -> impl IntoView {
    // The answer must be taken in even when the page is left meanwhile.
    let session = use_session();
    let api = session.api();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let form = Submission::new();
    let entered = Entered::of(template.as_ref());
    let is_new = template.is_none();
    let shown = template.clone();
    let kept = StoredValue::new(template);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let input = untrack(|| entered.input());
        let seen = kept.get_value();
        let navigate = navigate.clone();
        let request = async move {
            match seen {
                Some(seen) => templates::replace(api, &seen, &input).await,
                None => templates::create(api, &input).await,
            }
        };
        form.send(request, move |saved: Template| {
            toasts.saved(&saved.name);
            // Somebody who has gone elsewhere meanwhile stays there.
            if kept.try_with_value(|_| ()).is_some() {
                navigate(&Part::Templates.path(), NavigateOptions::default());
            }
            load.amend(|all| {
                all.retain(|it| it.id != saved.id);
                all.push(saved);
                all.sort_by(|a, b| a.name.cmp(&b.name));
            });
        });
    };
    let may = move || session.may(Permission::ChannelsWrite);
    view! {
        <div class="template-editor">
            <Panel title="Template">
                <form class="form" on:submit=submit>
                    <Field
                        id="template-name"
                        label="Name"
                        value=entered.name
                        error=form.field("name")
                        first=is_new
                    />
                    {is_new
                        .then(|| {
                            view! {
                                <Choice
                                    id="template-kind"
                                    label="For channels of the kind"
                                    options=kinds::choices()
                                    value=entered.kind_name
                                    error=form.field("kind")
                                />
                            }
                        })}
                    <Languages entered form />
                    <PartFields entered form />
                    <FormError of=form />
                    <Actions>
                        <A href=Part::Templates.path() attr:class="button">
                            "Cancel"
                        </A>
                        <Show when=may>
                            <Button kind=ButtonKind::Main busy=form.busy()>
                                "Save template"
                            </Button>
                        </Show>
                    </Actions>
                </form>
                {shown.map(|it| view! { <Versions template=it entered load /> })}
            </Panel>
            <TemplatePreview entered form />
        </div>
    }
}

/// The parts that the kind has.
#[component]
fn PartFields(entered: Entered, form: Submission) -> impl IntoView {
    let has_html = memo(move || takes_html(entered.kind()));
    let has_body = memo(move || entered.kind() == ChannelKind::Webhook);
    // Faults of languages that are not shown stand beside their names.
    let fault = move |part: &'static str| {
        Signal::derive(move || form.said_of(&field(&entered.language().get(), part)))
    };
    view! {
        <Field
            id="template-title"
            label="Title"
            value=entered.title
            hint="One line. A part that is empty says what the server says by itself, in another language what the template says."
            error=fault("title")
        />
        <LongField
            id="template-text"
            label="Text"
            value=entered.text
            hint="Jinja: {{ alert.rule }}, {% if %}, {% for one in alerts %}. Known are title, text, event, alert, alerts, links, count and key."
            error=fault("text")
        />
        <Show when=move || has_html.get()>
            <LongField
                id="template-html"
                label="HTML"
                value=entered.html
                hint="Values are escaped."
                error=fault("html")
            />
        </Show>
        <Show when=move || has_body.get()>
            <LongField
                id="template-body"
                label="Body of the request"
                value=entered.body
                hint="Each value is written as JSON, a text with its quotes."
                error=fault("body")
            />
        </Show>
    }
}
