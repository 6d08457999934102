//! From a typed sample to the values of its series; never a name that the catalogue lacks.

mod disk;
mod network;
mod process;
mod system;

use crate::host::HostSample;
use crate::series::Labels;

/// One value of one series of the sampled host.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Name of the metric, as in the catalogue.
    pub metric: &'static str,
    /// Labels, as the catalogue names them.
    pub labels: Labels,
    /// The value; finite.
    pub value: f64,
}

/// The values of all series of a sample, each series once; absent readings give none.
/// `health_score` comes along because it takes the alerts of the host to know it.
pub fn flatten(sample: &HostSample, health_score: Option<f64>) -> Vec<Value> {
    let mut values = Values::default();
    system::flatten(sample, &mut values);
    disk::flatten(sample, &mut values);
    network::flatten(sample, &mut values);
    process::flatten(sample, &mut values);
    values.plain("host_health_score", health_score);
    values.0
}

/// Values as they are collected.
#[derive(Default)]
struct Values(Vec<Value>);

impl Values {
    /// Adds a value without labels, when there is one.
    fn plain(&mut self, metric: &'static str, value: Option<f64>) {
        self.labelled(metric, &Labels::none(), value);
    }

    /// Adds a value with labels, when there is one that is a number.
    fn labelled(&mut self, metric: &'static str, labels: &Labels, value: Option<f64>) {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            self.0.push(Value {
                metric,
                labels: labels.clone(),
                value,
            });
        }
    }
}

#[cfg(test)]
mod tests;
