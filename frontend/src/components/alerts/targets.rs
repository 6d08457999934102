//! Who is told, by name, and how they are chosen; never when.

use common::alert::{OnCallSchedule, Policy, Target};
use common::api::people::Person;
use common::api::preferences::ChannelName;
use common::ids::UserId;
use futures_util::try_join;
use leptos::prelude::*;

use crate::api::{Api, ApiError, escalation, people, telling};
use crate::components::button::IconButton;
use crate::components::icon::Icon;

/// The names of all that can be told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names {
    /// The channels.
    pub channels: Vec<ChannelName>,
    /// Everybody with a login; none for who may not know them.
    pub people: Option<Vec<Person>>,
    /// The on-call schedules.
    pub schedules: Vec<OnCallSchedule>,
    /// The escalation policies.
    pub policies: Vec<Policy>,
}

impl Names {
    /// Reads them; the people only for who may know them.
    pub async fn read(api: Api, may_know_people: bool) -> Result<Self, ApiError> {
        let people = async {
            if may_know_people {
                return people::list(api).await.map(Some);
            }
            Ok(None)
        };
        let (channels, people, schedules, policies) = try_join!(
            telling::channels(api),
            people,
            escalation::schedules(api),
            escalation::policies(api),
        )?;
        Ok(Self {
            channels,
            people,
            schedules,
            policies,
        })
    }

    /// A target in words.
    pub fn of(&self, target: Target) -> String {
        let named = |kind: &str, name: Option<&str>| match name {
            Some(name) => format!("{kind}{name}"),
            None => format!("{kind}(removed)"),
        };
        match target {
            Target::AllChannels => "all channels".to_owned(),
            Target::Channel { id } => {
                let found = self.channels.iter().find(|it| it.id == id);
                let off = found.is_some_and(|it| !it.enabled);
                let name = named("channel ", found.map(|it| &*it.name));
                if off { format!("{name} (off)") } else { name }
            }
            Target::Person { id } => self.person(Some(id)),
            Target::Schedule { id } => {
                let found = self.schedules.iter().find(|it| it.id == id);
                named("on call: ", found.map(|it| &*it.input.name))
            }
            Target::Policy { id } => {
                let found = self.policies.iter().find(|it| it.id == id);
                named("escalation ", found.map(|it| &*it.input.name))
            }
        }
    }

    /// A person's name; who was removed has none.
    pub fn person(&self, id: Option<UserId>) -> String {
        let Some(id) = id else {
            return "nobody".to_owned();
        };
        let Some(people) = &self.people else {
            return "somebody".to_owned();
        };
        let found = people.iter().find(|it| it.id == id);
        found.map_or_else(
            || "somebody who was removed".to_owned(),
            |it| it.display_name.clone(),
        )
    }

    /// All that can be told, by kind.
    fn choices(&self, with_policies: bool) -> Vec<(&'static str, Vec<Target>)> {
        let mut channels = vec![Target::AllChannels];
        channels.extend(self.channels.iter().map(|it| Target::Channel { id: it.id }));
        let people = self.people.iter().flatten();
        let people = people.map(|it| Target::Person { id: it.id });
        let schedules = self.schedules.iter();
        let schedules = schedules.map(|it| Target::Schedule { id: it.id });
        let mut choices = vec![
            ("Channels", channels),
            ("People", people.collect()),
            ("On call", schedules.collect()),
        ];
        if with_policies {
            let policies = self.policies.iter().map(|it| Target::Policy { id: it.id });
            choices.push(("Escalations", policies.collect()));
        }
        choices
    }
}

/// Those who are told, each with a button that takes it away, and a menu that adds one.
#[component]
pub fn TargetPicker(
    /// What the menu is for, read aloud.
    #[prop(into)]
    label: String,
    /// The names.
    names: StoredValue<Names>,
    /// Those who are chosen.
    #[prop(into)]
    chosen: Signal<Vec<Target>>,
    /// Keeps what is chosen from now on.
    #[prop(into)]
    on_change: Callback<Vec<Target>>,
    /// Whether escalation policies can be chosen.
    #[prop(optional)]
    with_policies: bool,
) -> impl IntoView {
    let without = move |target: Target| {
        let left = chosen.get_untracked().into_iter();
        on_change.run(left.filter(|it| *it != target).collect());
    };
    let tags = move || {
        let tags = chosen.get().into_iter().map(|target| {
            let name = names.with_value(|names| names.of(target));
            view! {
                <li class="picked__one">
                    {name.clone()}
                    <IconButton
                        icon=Icon::Close
                        label=format!("Do not tell {name}")
                        on_press=move |_| without(target)
                    />
                </li>
            }
        });
        tags.collect_view()
    };
    let add = move |event| {
        let value = event_target_value(&event);
        if let Ok(target) = serde_json::from_str::<Target>(&value) {
            let mut now = chosen.get_untracked();
            now.push(target);
            on_change.run(now);
        }
    };
    let menu = move || {
        let taken = chosen.get();
        let choices = names.with_value(|names| names.choices(with_policies));
        let groups = choices.into_iter().map(|(kind, targets)| {
            let left = targets.into_iter().filter(|it| !taken.contains(it));
            let options: Vec<_> = left.map(option_of(names)).collect();
            (!options.is_empty()).then(|| view! { <optgroup label=kind>{options}</optgroup> })
        });
        let groups: Vec<_> = groups.collect();
        view! {
            <select
                class="field__input field__input--select picked__menu"
                aria-label=label.clone()
                on:change=add
            >
                <option value="" selected>
                    "Add…"
                </option>
                {groups}
            </select>
        }
    };
    view! {
        <div class="picked">
            <ul class="picked__list">{tags}</ul>
            {menu}
        </div>
    }
}

fn option_of(names: StoredValue<Names>) -> impl Fn(Target) -> AnyView {
    move |target| {
        let name = names.with_value(|names| names.of(target));
        let value = serde_json::to_string(&target).unwrap_or_default();
        view! { <option value=value>{name}</option> }.into_any()
    }
}
