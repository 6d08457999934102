//! Which routes an alert takes, and why not others; pure, never a clock, never a row.
//!
//! As Alertmanager has it: routes are asked in their order, the first that matches takes the alert
//! unless it says `continue`, and routes inside it go before itself.

use common::alert::{RouteInput, Target};
use common::ids::RouteId;
use common::series::matcher::{Filter, Matcher};
use common::time::UnixMs;

use crate::alerts::noise::{Calendar, Subject};

/// After a message of a group the next one waits for so long, unless a route says otherwise.
const GROUP_INTERVAL_SECONDS: u32 = 300;

/// Where an alert goes, and with which others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The outermost route that took it; `None`: the default one.
    pub route: Option<RouteId>,
    /// Names of the routes from the outermost to the one that took it.
    pub path: Vec<String>,
    /// Who is told.
    pub targets: Vec<Target>,
    /// Labels whose values make a group; `None`: each alert for itself.
    pub group_by: Option<Vec<String>>,
    /// How long the first message of a group waits.
    pub group_wait_seconds: u32,
    /// How long each next one waits.
    pub group_interval_seconds: u32,
    /// After how long what still fires is told again; 0: never.
    pub repeat_interval_seconds: u32,
}

impl Choice {
    /// That of an alert that no route takes: each alert at once to all enabled channels.
    pub fn default_route() -> Self {
        Self {
            route: None,
            path: Vec::new(),
            targets: vec![Target::AllChannels],
            group_by: None,
            group_wait_seconds: 0,
            group_interval_seconds: GROUP_INTERVAL_SECONDS,
            repeat_interval_seconds: 0,
        }
    }

    /// What a route inside this one chooses.
    fn narrowed(&self, route: RouteId, input: &RouteInput) -> Self {
        let mut path = self.path.clone();
        path.push(input.name.clone());
        let targets = if input.targets.is_empty() {
            &self.targets
        } else {
            &input.targets
        };
        let group_by = input.group_by.as_ref().or(self.group_by.as_ref());
        let repeat = input.repeat_interval_seconds;
        Self {
            route: Some(route),
            path,
            targets: targets.clone(),
            group_by: group_by.cloned(),
            group_wait_seconds: input.group_wait_seconds.unwrap_or(self.group_wait_seconds),
            group_interval_seconds: input
                .group_interval_seconds
                .unwrap_or(self.group_interval_seconds),
            repeat_interval_seconds: repeat.unwrap_or(self.repeat_interval_seconds),
        }
    }
}

/// How a route was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The outermost route.
    pub route: RouteId,
    /// Names from the outermost to this one.
    pub path: Vec<String>,
    /// What it said.
    pub said: Said,
}

/// What a route said to an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It takes it.
    Takes,
    /// One inside it takes it.
    TakesInside,
    /// It is switched off.
    Off,
    /// This condition does not hold.
    Unmet(Matcher),
    /// It is not one of its times.
    NotNow,
    /// It was not asked: an earlier one took it.
    NotAsked,
}

/// The routes with their patterns compiled.
#[derive(Debug, Clone, Default)]
pub struct Routes(Vec<Node>);

#[derive(Debug, Clone)]
struct Node {
    choice: Choice,
    route: RouteId,
    conditions: Vec<(Matcher, Filter)>,
    times: Option<Calendar>,
    is_on: bool,
    goes_on: bool,
    inside: Vec<Self>,
}

impl Routes {
    /// The outermost routes in the order of their making; they are put in that of their positions.
    pub fn of(mut routes: Vec<(RouteId, RouteInput)>) -> Self {
        routes.sort_by_key(|(_, route)| route.position);
        let default = Choice::default_route();
        let node = |(id, route): &(RouteId, RouteInput)| Node::of(*id, route, &default);
        Self(routes.iter().map(node).collect())
    }

    /// Where the alert goes, and how each route was asked.
    pub fn choose(&self, alert: &Subject, at: UnixMs) -> (Vec<Choice>, Vec<Asked>) {
        let mut asked = Vec::new();
        let mut choices = Vec::new();
        choose(&self.0, alert, at, &mut choices, &mut asked);
        if choices.is_empty() {
            choices.push(Choice::default_route());
        }
        (choices, asked)
    }
}

impl Node {
    fn of(id: RouteId, input: &RouteInput, around: &Choice) -> Self {
        let choice = around.narrowed(id, input);
        let conditions = input.matchers.0.iter().filter_map(|one| {
            // They were checked when they were written.
            let filter = Filter::new(std::slice::from_ref(one)).ok()?;
            Some((one.clone(), filter))
        });
        let times = if input.active_times.is_empty() {
            None
        } else {
            Calendar::of(&input.active_times).ok()
        };
        Self {
            route: id,
            conditions: conditions.collect(),
            times,
            is_on: input.enabled,
            goes_on: input.goes_on,
            inside: input
                .routes
                .iter()
                .map(|inner| Self::of(id, inner, &choice))
                .collect(),
            choice,
        }
    }

    /// Why it does not take the alert; `None` when it does.
    fn refusal(&self, alert: &Subject, at: UnixMs) -> Option<Said> {
        if !self.is_on {
            return Some(Said::Off);
        }
        let unmet = self
            .conditions
            .iter()
            .find(|(_, filter)| !alert.meets(filter));
        if let Some((condition, _)) = unmet {
            return Some(Said::Unmet(condition.clone()));
        }
        let is_closed = self.times.as_ref().is_some_and(|times| !times.covers(at));
        is_closed.then_some(Said::NotNow)
    }

    fn asked(&self, said: Said) -> Asked {
        Asked {
            route: self.route,
            path: self.choice.path.clone(),
            said,
        }
    }
}

/// Whether one of the routes took it.
fn choose(
    nodes: &[Node],
    alert: &Subject,
    at: UnixMs,
    choices: &mut Vec<Choice>,
    asked: &mut Vec<Asked>,
) -> bool {
    let mut is_taken = false;
    let mut nodes = nodes.iter();
    for node in nodes.by_ref() {
        if let Some(said) = node.refusal(alert, at) {
            asked.push(node.asked(said));
            continue;
        }
        let place = asked.len();
        asked.push(node.asked(Said::TakesInside));
        if !choose(&node.inside, alert, at, choices, asked) {
            choices.push(node.choice.clone());
            asked[place].said = Said::Takes;
        }
        is_taken = true;
        if !node.goes_on {
            break;
        }
    }
    asked.extend(nodes.map(|node| node.asked(Said::NotAsked)));
    is_taken
}
