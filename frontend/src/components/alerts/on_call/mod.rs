//! Escalation policies and on-call schedules, listed and edited; never whom an alert went to.

pub mod policies;
pub mod policy_form;
pub mod schedule_draft;
pub mod schedule_form;
pub mod schedule_layer;
pub mod schedule_overrides;
pub mod schedules;
