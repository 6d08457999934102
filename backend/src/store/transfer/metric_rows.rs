//! The rows of every table of samples as they are moved, in an order in which no row refers to a later one;
//! never what a row means. A test compares the list with the tables that there are.

use super::table::moved;

moved! {
    /// Those of samples and processes.
    METRICS:
    series by (id) numbered id {
        id: i64,
        server: Vec<u8>,
        metric: String,
        labels: String,
    }
    layout by (id) numbered id {
        id: i64,
        series: Vec<u8>,
    }
    frame by (id) numbered id {
        id: i64,
        frames: i64,
        newest_at: i64,
        body: Vec<u8>,
    }
    processes by (id) numbered id {
        id: i64,
        server: Vec<u8>,
        at: i64,
        bytes: i64,
        body: Vec<u8>,
    }
    pack by (id) numbered id {
        id: i64,
        server: Vec<u8>,
        span: String,
        first_at: i64,
        last_at: i64,
        first_series: i64,
        last_series: i64,
        samples: i64,
        bytes: i64,
        body: Vec<u8>,
    }
    process_pack by (id) numbered id {
        id: i64,
        server: Vec<u8>,
        first_at: i64,
        last_at: i64,
        lists: i64,
        bytes: i64,
        body: Vec<u8>,
    }
    aggregate by (series, hour) {
        series: i64,
        hour: i64,
        count: i64,
        min: f64,
        max: f64,
        mean: f64,
        m2: f64,
        first: f64,
        last: f64,
        increase: f64,
        median: f64,
        sketch: Vec<u8>,
    }
    aggregate_day by (series, day) {
        series: i64,
        day: i64,
        count: i64,
        min: f64,
        max: f64,
        mean: f64,
        m2: f64,
        first: f64,
        last: f64,
        increase: f64,
        median: f64,
        sketch: Vec<u8>,
    }
    stale_day by (server, day) {
        server: Vec<u8>,
        day: i64,
        seals: i64,
    }
    cleanup by (id) {
        id: i64,
        samples_before: i64,
    }
    forward by (receiver) {
        receiver: String,
        frame: i64,
        moment: i64,
        missed_from: Option<i64>,
        missed_to: Option<i64>,
    }
}
