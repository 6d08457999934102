//! What stands there while the session of an earlier visit is taken up: the shell's outline, still empty.

use leptos::prelude::*;

use crate::components::banner::{Banner, Tone};
use crate::components::layout::Logo;
use crate::components::skeleton::{Shape, Skeleton};

/// The shell in outline.
#[component]
pub fn StartingPage(
    /// The server did not answer yet.
    waiting: bool,
) -> impl IntoView {
    view! {
        <div class="shell">
            <div class="rail">
                <span class="rail__logo">
                    <Logo />
                </span>
            </div>
            <div class="top"></div>
            <main class="shell__main">
                {waiting
                    .then(|| {
                        view! {
                            <Banner tone=Tone::Critical>
                                "The server does not answer. It is tried again every few seconds."
                            </Banner>
                        }
                    })}
                <div class="page">
                    <Skeleton shape=Shape::Rows(8) />
                </div>
            </main>
        </div>
    }
}
