//! The templates as a table, and which one is open; never its text.

use common::access::Permission;
use common::api::templates::Template;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

use super::fared::TemplatesFared;
use super::kinds::word;
use super::template_editor::TemplateEditor;
use super::views::{Part, Parts};
use crate::api::templates;
use crate::components::icon::Icon;
use crate::components::load_view::{Empty, load_view};
use crate::components::skeleton::Shape;
use crate::format::{NOTHING, age, language};
use crate::reactive::memo;
use crate::state::load::Load;
use crate::state::session::use_session;
use crate::state::ticker::use_now;

/// The name of a template that is not there yet, in the address.
const NEW: &str = "new";

/// The address of a template, or of a new one.
pub fn template_path(id: Option<&str>) -> String {
    format!("{}&template={}", Part::Templates.path(), id.unwrap_or(NEW))
}

/// The templates, or the one that the address names.
#[component]
pub fn Templates() -> impl IntoView {
    let session = use_session();
    let query = use_query_map();
    let chosen = memo(move || query.with(|query| query.get("template")));
    let load = Load::new(templates::list);
    let add = move || {
        (session.may(Permission::ChannelsWrite) && chosen.with(Option::is_none)).then(|| {
            view! {
                <A href=template_path(None) attr:class="button button--main">
                    {Icon::Plus.small()}
                    "Add a template"
                </A>
            }
        })
    };
    let content = move || match chosen.get() {
        Some(id) if id == NEW => view! { <TemplateEditor template=None load /> }.into_any(),
        chosen => load_view(load, Shape::Rows(4), move |all: Vec<Template>, load| {
            let Some(id) = &chosen else {
                return view! {
                    <TemplateTable all />
                    <TemplatesFared />
                }
                .into_any();
            };
            match all.into_iter().find(|it| it.id.to_string() == *id) {
                Some(it) => view! { <TemplateEditor template=Some(it) load /> }.into_any(),
                None => {
                    view! { <Empty title="No such template" text="It was removed." /> }.into_any()
                }
            }
        })
        .into_any(),
    };
    view! {
        <div class="views-row">
            <Parts />
            {add}
        </div>
        {content}
    }
}

#[component]
fn TemplateTable(all: Vec<Template>) -> impl IntoView {
    let now = use_now();
    if all.is_empty() {
        let text = "Messages say what the server says by itself. A template says it in your own words: \
            add one, then choose it in a channel.";
        return view! {
            <div class="panel panel--flush">
                <Empty title="No templates" text />
            </div>
        }
        .into_any();
    }
    let row = move |it: Template| {
        let parts = [
            (it.parts.title.is_some(), "title"),
            (it.parts.text.is_some(), "text"),
            (it.parts.html.is_some(), "HTML"),
            (it.parts.body.is_some(), "body"),
        ];
        let parts = parts
            .into_iter()
            .filter(|(has, _)| *has)
            .map(|(_, name)| name);
        let parts: Vec<_> = parts.collect();
        let languages = it
            .languages
            .keys()
            .map(|name| language(name.as_str()).to_owned());
        let languages: Vec<_> = languages.collect();
        let at = it.updated_at;
        view! {
            <tr>
                <td data-label="Template">
                    <A href=template_path(Some(&it.id.to_string()))>{it.name}</A>
                </td>
                <td data-label="For">{word(it.kind)}</td>
                <td data-label="Replaces" class="muted">{parts.join(", ")}</td>
                <td data-label="Also in" class="muted">
                    {if languages.is_empty() { NOTHING.to_owned() } else { languages.join(", ") }}
                </td>
                <td data-label="Changed" class="muted">
                    <time datetime=at.to_rfc3339()>{move || age(now.get().since_ms(at))}</time>
                </td>
            </tr>
        }
    };
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards">
                <caption class="unseen">"Templates"</caption>
                <thead>
                    <tr>
                        <th>"Template"</th>
                        <th>"For"</th>
                        <th>"Replaces"</th>
                        <th>"Also in"</th>
                        <th>"Changed"</th>
                    </tr>
                </thead>
                <tbody>{all.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
