//! Values of now put on a page when they are wanted; never those of another moment.

use common::series::Labels;

use super::{Kind, Page, Point, Wanted};

/// A page that takes only what is wanted.
#[derive(Debug)]
pub struct Chosen<'a> {
    page: &'a mut Page,
    wanted: &'a Wanted,
}

impl<'a> Chosen<'a> {
    /// Such a page.
    pub fn new(page: &'a mut Page, wanted: &'a Wanted) -> Self {
        Self { page, wanted }
    }

    /// Says what a metric is, before its first value.
    pub fn describe(&mut self, name: &str, kind: Kind, help: &str) {
        self.page.describe(name, kind, Some(help));
    }

    /// Adds a value of a described metric.
    pub fn add(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        if self.wanted.wants(name, &Labels::of(labels)) {
            self.page.add(name, labels, Point::now(value));
        }
    }

    /// A metric that has one value, when there is one.
    pub fn single(&mut self, name: &str, kind: Kind, help: &str, value: Option<f64>) {
        self.describe(name, kind, help);
        if let Some(value) = value {
            self.add(name, &[], value);
        }
    }

    /// Adds a part of a described histogram: `_bucket` by rising `le`, then `_sum` and `_count`.
    pub fn add_part(&mut self, name: &str, part: &str, labels: &[(&str, &str)], value: f64) {
        if self
            .wanted
            .wants(&format!("{name}{part}"), &Labels::of(labels))
        {
            self.page.add_part(name, part, labels, value);
        }
    }
}
