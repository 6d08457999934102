//! The frame of a page's content: width, title, panels; never the shell around it.

use leptos::prelude::*;

/// A box with a title.
#[component]
pub fn Panel(
    /// What it is about; without one it has no head.
    #[prop(optional, into)]
    title: Option<String>,
    /// Stands at the right of the head.
    #[prop(optional, into)]
    aside: Option<AnyView>,
    /// Its content.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="panel">
            {title
                .map(|title| {
                    view! {
                        <header class="panel__head">
                            <h2>{title}</h2>
                            {aside}
                        </header>
                    }
                })}
            {children()}
        </section>
    }
}

/// A page of text and forms: not wider than is good to read.
#[component]
pub fn TextPage(
    /// The page's name, as a heading.
    #[prop(into)]
    title: String,
    /// Stands beside the heading: the page's main button.
    #[prop(optional, into)]
    aside: Option<AnyView>,
    /// Its panels.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="page page--text">
            <header class="page__head">
                <h1>{title}</h1>
                {aside}
            </header>
            {children()}
        </div>
    }
}
