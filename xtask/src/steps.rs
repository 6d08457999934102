//! The steps of a long task with the time each took; never decides which there are.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::say;

/// Steps that ran, in order.
pub(crate) struct Steps {
    begun: Instant,
    done: Vec<(String, Duration, bool)>,
}

impl Steps {
    pub(crate) fn new() -> Self {
        Self {
            begun: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Announces and runs a step.
    pub(crate) fn run<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        say::step(name);
        let begun = Instant::now();
        let result = step();
        self.done
            .push((name.to_owned(), begun.elapsed(), result.is_ok()));
        result
    }

    /// Says what took how long.
    pub(crate) fn print(&self) {
        say::step("times");
        for (name, took, ok) in &self.done {
            let mark = if *ok { "" } else { "  FAILED" };
            say::line(&format!("{:>7.1} s  {name}{mark}", took.as_secs_f64()));
        }
        let all = self.begun.elapsed().as_secs();
        say::line(&format!("{:>4} m {:02} s  together", all / 60, all % 60));
    }
}
