//! One template beside what it says now; never its rendering.

use common::access::Permission;
use common::api::channels::ChannelKind;
use common::api::templates::{Template, TemplateInput, TemplateParts};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

use super::kinds;
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

/// What stands in the form.
#[derive(Clone, Copy)]
pub struct Entered {
    name: RwSignal<String>,
    kind: RwSignal<String>,
    title: RwSignal<String>,
    text: RwSignal<String>,
    html: RwSignal<String>,
    body: RwSignal<String>,
}

impl Entered {
    fn of(template: Option<&Template>) -> Self {
        let kind = template.map_or(ChannelKind::Email, |it| it.kind);
        let entered = Self {
            name: RwSignal::new(template.map(|it| it.name.clone()).unwrap_or_default()),
            kind: RwSignal::new(kinds::name(kind).to_owned()),
            title: RwSignal::new(String::new()),
            text: RwSignal::new(String::new()),
            html: RwSignal::new(String::new()),
            body: RwSignal::new(String::new()),
        };
        match template {
            Some(template) => entered.show(&template.parts),
            None => entered
                .title
                .set("{{ alert.severity | upper }}: {{ title }}".to_owned()),
        }
        entered
    }

    /// Shows these parts.
    pub fn show(self, parts: &TemplateParts) {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        self.title.set(text(&parts.title));
        self.text.set(text(&parts.text));
        self.html.set(text(&parts.html));
        self.body.set(text(&parts.body));
    }

    /// The kind of channel that it is for.
    pub fn kind(self) -> ChannelKind {
        self.kind.with(|name| kinds::of_name(name))
    }

    /// What it says: parts that are empty or that the kind does not have are left out.
    pub fn parts(self) -> TemplateParts {
        let part = |text: RwSignal<String>| Some(text.get()).filter(|text| !text.trim().is_empty());
        let kind = self.kind();
        TemplateParts {
            title: part(self.title),
            text: part(self.text),
            html: part(self.html).filter(|_| takes_html(kind)),
            body: part(self.body).filter(|_| kind == ChannelKind::Webhook),
        }
    }

    fn input(self) -> TemplateInput {
        TemplateInput {
            name: self.name.get().trim().to_owned(),
            kind: self.kind(),
            parts: self.parts(),
        }
    }
}

/// Whether messages of the kind have a part of HTML.
const fn takes_html(kind: ChannelKind) -> bool {
    matches!(
        kind,
        ChannelKind::Email | ChannelKind::Sendgrid | ChannelKind::Ses | ChannelKind::Matrix
    )
}

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
                                    value=entered.kind
                                    error=form.field("kind")
                                />
                            }
                        })}
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
    view! {
        <Field
            id="template-title"
            label="Title"
            value=entered.title
            hint="One line. A part that is empty says what the server says by itself."
            error=form.field("parts.title")
        />
        <LongField
            id="template-text"
            label="Text"
            value=entered.text
            hint="Jinja: {{ alert.rule }}, {% if %}, {% for one in alerts %}. Known are title, text, event, alert, alerts, links, count and key."
            error=form.field("parts.text")
        />
        <Show when=move || has_html.get()>
            <LongField
                id="template-html"
                label="HTML"
                value=entered.html
                hint="Values are escaped."
                error=form.field("parts.html")
            />
        </Show>
        <Show when=move || has_body.get()>
            <LongField
                id="template-body"
                label="Body of the request"
                value=entered.body
                hint="Each value is written as JSON, a text with its quotes."
                error=form.field("parts.body")
            />
        </Show>
    }
}
