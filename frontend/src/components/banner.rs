//! One quiet line across the page that says what is wrong and what happens; never a dialog.

use leptos::prelude::*;

use super::icon::Icon;

/// How grave a banner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Worth knowing.
    #[default]
    Calm,
    /// Worth looking at.
    Warning,
    /// Something failed.
    Critical,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Calm => "banner",
            Self::Warning => "banner banner--warning",
            Self::Critical => "banner banner--critical",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Calm => Icon::Info,
            Self::Warning => Icon::Alert,
            Self::Critical => Icon::Critical,
        }
    }
}

/// A line that says something about all that stands below it.
#[component]
pub fn Banner(
    /// How grave it is.
    #[prop(optional)]
    tone: Tone,
    /// What it says, and a button where something can be done.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=tone.class() role="status">
            {tone.icon().view()}
            <div class="banner__text">{children()}</div>
        </div>
    }
}
