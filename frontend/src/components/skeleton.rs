//! Grey shapes in the place and size of what is being read; never a spinner.

use leptos::prelude::*;

/// What a skeleton stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A table of this many rows.
    Rows(usize),
    /// A panel of the height of a chart.
    Panel,
    /// A form of this many fields.
    Fields(usize),
}

/// Holds the place of what is being read.
#[component]
pub fn Skeleton(
    /// What it stands for.
    shape: Shape,
) -> impl IntoView {
    let (count, class) = match shape {
        Shape::Rows(count) => (count, "skeleton__row"),
        Shape::Panel => (1, "skeleton__panel"),
        Shape::Fields(count) => (count, "skeleton__field"),
    };
    view! {
        <div class="skeleton" role="status">
            <span class="unseen">"Loading"</span>
            {(0..count).map(|_| view! { <div class=class></div> }).collect_view()}
        </div>
    }
}
