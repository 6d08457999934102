//! A route as it stands in its form, and what comes of it; never the form.

use common::alert::{RouteInput, Target};
use common::problem::FieldError;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::alerts::noise::conditions;
use crate::components::alerts::noise::inhibition_form::labels;
use crate::components::intervals::IntervalRow;

/// How the messages of a route are put together: each alert for itself, by labels, all in one.
pub const GROUPS: [(&str, &str); 4] = [
    ("", "As the route around it says, or each for itself"),
    ("each", "Each alert for itself"),
    ("labels", "Those with the same labels together"),
    ("all", "All that take this route together"),
];

/// A label name that stands for all labels: each alert for itself.
const EACH: &str = "...";

/// What was entered.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Its name.
    pub name: RwSignal<String>,
    /// The lowest is asked first.
    pub position: RwSignal<String>,
    /// Which alerts.
    pub matchers: RwSignal<String>,
    /// Who is told.
    pub targets: RwSignal<Vec<Target>>,
    /// Only in these times.
    pub times: RwSignal<Vec<IntervalRow>>,
    /// One of [`GROUPS`].
    pub groups: RwSignal<String>,
    /// The labels of groups, with commas between.
    pub group_by: RwSignal<String>,
    /// Seconds; empty: as the route around it says.
    pub wait: RwSignal<String>,
    /// Likewise.
    pub interval: RwSignal<String>,
    /// Likewise.
    pub repeat: RwSignal<String>,
    /// The routes behind it are asked as well.
    pub goes_on: RwSignal<bool>,
    /// It takes alerts.
    pub enabled: RwSignal<bool>,
    /// What has no field.
    inner: StoredValue<Vec<RouteInput>>,
}

impl Draft {
    /// With what the form begins.
    pub fn of(route: Option<RouteInput>) -> Self {
        let route = route.unwrap_or_else(|| RouteInput {
            enabled: true,
            ..RouteInput::default()
        });
        let (groups, group_by) = match route.group_by.as_deref() {
            None => ("", String::new()),
            Some([]) => ("all", String::new()),
            Some([one]) if one == EACH => ("each", String::new()),
            Some(labels) => ("labels", labels.join(", ")),
        };
        let seconds = |seconds: Option<u32>| {
            RwSignal::new(seconds.map(|it| it.to_string()).unwrap_or_default())
        };
        Self {
            name: RwSignal::new(route.name),
            position: RwSignal::new(route.position.to_string()),
            matchers: RwSignal::new(conditions::in_words(&route.matchers)),
            targets: RwSignal::new(route.targets),
            times: RwSignal::new(IntervalRow::all(route.active_times)),
            groups: RwSignal::new(groups.to_owned()),
            group_by: RwSignal::new(group_by),
            wait: seconds(route.group_wait_seconds),
            interval: seconds(route.group_interval_seconds),
            repeat: seconds(route.repeat_interval_seconds),
            goes_on: RwSignal::new(route.goes_on),
            enabled: RwSignal::new(route.enabled),
            inner: StoredValue::new(route.routes),
        }
    }

    /// What it stands for; otherwise what is wrong with it.
    pub fn wanted(self) -> Result<RouteInput, ApiError> {
        let times = self.times.get_untracked();
        let times: Result<Vec<_>, String> = times.iter().map(IntervalRow::interval).collect();
        let group_by = match self.groups.get_untracked().as_str() {
            "each" => Some(vec![EACH.to_owned()]),
            "labels" => Some(labels(&self.group_by.get_untracked())),
            "all" => Some(Vec::new()),
            _ => None,
        };
        let optional = |value: RwSignal<String>, field| {
            let text = value.get_untracked();
            let text = text.trim();
            (!text.is_empty()).then(|| whole(text, field)).transpose()
        };
        Ok(RouteInput {
            name: self.name.get_untracked().trim().to_owned(),
            position: whole(self.position.get_untracked().trim(), "position")?,
            matchers: conditions::read("matchers", &self.matchers.get_untracked())?,
            active_times: times.map_err(|message| refused("active_times", &message))?,
            targets: self.targets.get_untracked(),
            goes_on: self.goes_on.get_untracked(),
            group_by,
            group_wait_seconds: optional(self.wait, "group_wait_seconds")?,
            group_interval_seconds: optional(self.interval, "group_interval_seconds")?,
            repeat_interval_seconds: optional(self.repeat, "repeat_interval_seconds")?,
            routes: self.inner.get_value(),
            enabled: self.enabled.get_untracked(),
        })
    }
}

fn whole(text: &str, field: &str) -> Result<u32, ApiError> {
    let number = text.parse();
    number.map_err(|_| refused(field, "must be a whole number, 0 or more"))
}

fn refused(field: &str, message: &str) -> ApiError {
    ApiError::Invalid {
        fields: vec![FieldError::new(field, message)],
        detail: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_comes_back_as_it_was() {
        let owner = Owner::new();
        owner.set();
        for json in [
            r#"{"name":"a"}"#,
            r#"{"name":"b","position":3,"matchers":"severity=critical","continue":true,"group_by":["server","group"],"group_wait_seconds":30,"enabled":false}"#,
            r#"{"name":"c","group_by":[],"repeat_interval_seconds":3600,"targets":[{"kind":"all_channels"}]}"#,
            r#"{"name":"d","group_by":["..."],"routes":[{"name":"inside","matchers":"a=~b.*"}]}"#,
        ] {
            let route: RouteInput = serde_json::from_str(json).unwrap();
            let again = Draft::of(Some(route.clone())).wanted();
            assert_eq!(again, Ok(route), "{json}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_at_its_field() {
        let owner = Owner::new();
        owner.set();
        let draft = Draft::of(None);
        draft.wait.set("half a minute".to_owned());
        let refused = draft.wanted().unwrap_err();
        assert!(refused.of_field("group_wait_seconds").is_some());
    }
}
