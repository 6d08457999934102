//! Routes and schedules, case by case: Alertmanager's own trees, hand-overs over changes of the clock.

mod flow;
mod groups;
mod lost;
mod on_call;
mod orders;
mod people;
mod stage;
mod together;
mod trees;
mod wishes;
mod written;
