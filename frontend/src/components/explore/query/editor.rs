//! The field for an expression, with what may be written at the caret; never its answer.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::list::{LIST, Offers, id};
use super::names::names;
use crate::pages::explore::query::context::{Context, byte_of, context, unit_of};
use crate::pages::explore::query::offers::Offer;
use crate::pages::explore::query::offers::{is_written, offers, taken};
use crate::pages::explore::search::Known;
use crate::reactive::{effect, memo};

/// Lines that the field shows at least and at most.
const LINES: (usize, usize) = (2, 12);

/// What the editor works on.
#[derive(Clone, Copy)]
struct Editing {
    text: RwSignal<String>,
    /// The byte of the caret while something is offered; `None`: nothing is.
    caret: RwSignal<Option<usize>>,
    context: Memo<Option<Context>>,
    offers: Memo<Vec<Offer>>,
    active: RwSignal<usize>,
    area: NodeRef<html::Textarea>,
}

/// A field for `PromQL`.
#[component]
pub fn Editor(
    /// What was typed.
    text: RwSignal<String>,
    /// Every metric.
    known: Memo<Vec<Known>>,
    /// Whether what was asked last is wrong.
    #[prop(into)]
    is_wrong: Signal<bool>,
    /// The id of what says why.
    problem_id: &'static str,
    /// Asks it.
    #[prop(into)]
    on_ask: Callback<()>,
) -> impl IntoView {
    let editing = Editing::new(text, known);
    let Editing {
        caret,
        offers,
        active,
        area,
        ..
    } = editing;
    let is_open = move || !offers.with(Vec::is_empty);
    let lines = move || {
        let lines = text.with(|text| text.split('\n').count());
        lines.clamp(LINES.0, LINES.1).to_string()
    };
    let told = move || match offers.with(Vec::len) {
        0 => String::new(),
        1 => "1 suggestion".to_owned(),
        many => format!("{many} suggestions"),
    };
    view! {
        <div class="query__editor">
            <label class="unseen" for="query-text">
                "Expression in PromQL"
            </label>
            <textarea
                class="field__input query__text"
                id="query-text"
                rows=lines
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                placeholder="An expression, such as rate(node_network_receive_bytes_total[5m])"
                aria-autocomplete="list"
                aria-haspopup="listbox"
                aria-controls=LIST
                aria-activedescendant=move || is_open().then(|| id(active.get()))
                aria-describedby=problem_id
                aria-invalid=move || is_wrong.get().then_some("true")
                node_ref=area
                prop:value=move || text.get()
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    editing.look();
                }
                on:keydown=move |event| editing.press(&event, on_ask)
                on:click=move |_| caret.set(None)
                on:blur=move |_| caret.set(None)
            ></textarea>
            <Offers offers active on_take=move |place: usize| editing.take(place) />
            <p class="unseen" role="status">{told}</p>
        </div>
    }
}

impl Editing {
    fn new(text: RwSignal<String>, known: Memo<Vec<Known>>) -> Self {
        let caret = RwSignal::new(None::<usize>);
        let context = memo(move || {
            let caret = caret.get()?;
            text.with(|text| context(text, caret))
        });
        let wanted = memo(move || context.with(|it| it.as_ref().map(|it| it.wanted.clone())));
        let names = names(wanted);
        let offers = memo(move || {
            let (Some(context), Some(caret)) = (context.get(), caret.get()) else {
                return Vec::new();
            };
            text.with(|text| {
                let word = text.get(context.start..caret).unwrap_or_default();
                known.with(|known| names.with(|names| offers(&context.wanted, word, known, names)))
            })
        });
        let active = RwSignal::new(0);
        // Other offers begin at the first.
        effect(move || {
            offers.track();
            active.set(0);
        });
        Self {
            text,
            caret,
            context,
            offers,
            active,
            area: NodeRef::new(),
        }
    }

    /// Offers what may stand at the caret once a word has begun, and within braces before.
    fn look(self) {
        let Some(at) = self.position() else { return };
        let is_begun = self.text.with_untracked(|text| {
            let found = context(text, at);
            found.is_some_and(|it| it.start < at || text[..at].ends_with(['{', '"', '\'', ',']))
        });
        self.caret.set(is_begun.then_some(at));
    }

    /// The byte of the caret.
    fn position(self) -> Option<usize> {
        let area = self.area.get_untracked()?;
        let units = area.selection_end().ok()??;
        let text = self.text.read_untracked();
        Some(byte_of(&text, usize::try_from(units).ok()?))
    }

    fn press(self, event: &KeyboardEvent, on_ask: Callback<()>) {
        let key = event.key();
        if event.is_composing() {
            return;
        }
        if key == " " && event.ctrl_key() {
            event.prevent_default();
            self.caret.set(self.position());
            return;
        }
        let count = self.offers.with_untracked(Vec::len);
        let is_plain = !event.shift_key() && !event.alt_key();
        match key.as_str() {
            "ArrowDown" if count > 0 => self.active.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => self.active.update(|at| *at = (*at + count - 1) % count),
            "Escape" if count > 0 => self.caret.set(None),
            "Tab" if count > 0 && is_plain => self.take(self.active.get_untracked()),
            "Enter" if is_plain && count > 0 && !self.is_whole() => {
                self.take(self.active.get_untracked());
            }
            "Enter" if is_plain => {
                self.caret.set(None);
                on_ask.run(());
            }
            "ArrowLeft" | "ArrowRight" | "Home" | "End" => {
                self.caret.set(None);
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Whether the active offer stands there already.
    fn is_whole(self) -> bool {
        let (context, caret) = (self.context.get_untracked(), self.caret.get_untracked());
        let (Some(context), Some(caret)) = (context, caret) else {
            return true;
        };
        let active = self.active.get_untracked();
        self.text.with_untracked(|text| {
            let word = text.get(context.start..caret).unwrap_or_default();
            let offers = self.offers.read_untracked();
            offers.get(active).is_none_or(|it| is_written(word, it))
        })
    }

    fn take(self, place: usize) {
        let (context, caret) = (self.context.get_untracked(), self.caret.get_untracked());
        let offer = self.offers.with_untracked(|all| all.get(place).cloned());
        let (Some(context), Some(caret), Some(offer)) = (context, caret, offer) else {
            return;
        };
        let (text, at) = taken(&self.text.get_untracked(), caret, &context, &offer);
        self.caret.set(None);
        let units = u32::try_from(unit_of(&text, at)).unwrap_or(u32::MAX);
        self.text.set(text.clone());
        if let Some(area) = self.area.get_untracked() {
            // The signal reaches the field a moment later; the caret has to stand in the new text.
            area.set_value(&text);
            drop(area.set_selection_range(units, units));
            drop(area.focus());
        }
        self.look();
    }
}
