//! The four states of a view: loading, empty, failed, stale; never what it shows when all is well.

use leptos::prelude::*;

use super::banner::{Banner, Tone};
use super::button::Button;
use super::icon::Icon;
use super::skeleton::{Shape, Skeleton};
use crate::state::load::{Load, Loaded};

/// Shows what was read, or why it is not there.
pub fn load_view<T, V, S>(load: Load<T>, shape: Shape, show: S) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    S: Fn(T, Load<T>) -> V + Send + 'static,
{
    move || match load.state().get() {
        Loaded::Loading => view! { <Skeleton shape /> }.into_any(),
        Loaded::Ready(value) => show(value, load).into_any(),
        Loaded::Failed(error) => {
            view! { <Failed text=error.message() on_retry=move |()| load.again() /> }.into_any()
        }
        Loaded::Stale(value, error) => view! {
            <Banner tone=Tone::Warning>
                "Not read anew: " {error.message()} " "
                <Button on_press=move |_| load.again()>"Try again"</Button>
            </Banner>
            <div class="stale">{show(value, load)}</div>
        }
        .into_any(),
    }
}

/// A reading that failed, and the way to try again.
#[component]
pub fn Failed(
    /// Why.
    #[prop(into)]
    text: String,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="blank" role="alert">
            {Icon::Alert.view()}
            <p class="blank__title">"This could not be loaded"</p>
            <p class="blank__text">{text}</p>
            <Button icon=Icon::Refresh on_press=move |_| on_retry.run(())>
                "Try again"
            </Button>
        </div>
    }
}

/// Nothing is there, and that is all right.
#[component]
pub fn Empty(
    /// What is not there.
    #[prop(into)]
    title: String,
    /// Why, or how it comes.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <div class="blank">
            {Icon::Healthy.view()}
            <p class="blank__title">{title}</p>
            <p class="blank__text">{text}</p>
        </div>
    }
}
