//! How many requests there were and how long they took, by route; never who asked what.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;

use super::routes;
use crate::app::App;
use crate::exposition::{Chosen, Kind};

/// What is no route: the dashboard's files, and paths that lead nowhere.
const OTHER: &str = "other";
/// The method of what is no route.
const ANY: &str = "any";

/// Upper ends of the classes of durations, in seconds.
const ENDS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Classes of answers by their status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

const REQUESTS: &str = "watchpost_http_requests_total";
const DURATION: &str = "watchpost_http_request_duration_seconds";

/// The requests since the start. Clones share it.
#[derive(Debug, Clone)]
pub struct Traffic(Arc<Counters>);

#[derive(Debug)]
struct Counters {
    /// The first is what is no route.
    routes: Vec<Route>,
    /// The places in `routes` of what a path takes.
    places: HashMap<&'static str, Vec<usize>>,
}

#[derive(Debug)]
struct Route {
    method: String,
    path: &'static str,
    classes: [AtomicU64; CLASSES.len()],
    /// By class of duration; what took longer than all comes last.
    durations: [AtomicU64; ENDS.len() + 1],
    micros: AtomicU64,
}

impl Route {
    fn new(method: &str, path: &'static str) -> Self {
        Self {
            method: method.to_owned(),
            path,
            classes: Default::default(),
            durations: Default::default(),
            micros: AtomicU64::new(0),
        }
    }

    fn note(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        let longer = |end: &&f64| **end < took.as_secs_f64();
        let duration = ENDS.iter().take_while(longer).count();
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        self.durations[duration].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Default for Traffic {
    /// A place for every route, and one for what is none.
    fn default() -> Self {
        let mut routes = vec![Route::new(ANY, OTHER)];
        let mut places: HashMap<_, Vec<usize>> = HashMap::new();
        for row in routes::table() {
            places.entry(row.path).or_default().push(routes.len());
            routes.push(Route::new(row.method.as_str(), row.path));
        }
        Self(Arc::new(Counters { routes, places }))
    }
}

impl Traffic {
    /// Counts an answer. A method that the route does not take counts as no route.
    fn note(&self, method: &str, path: &str, status: u16, took: Duration) {
        let routes = &self.0.routes;
        let places = self.0.places.get(path).map_or(&[][..], Vec::as_slice);
        let places = places.iter().filter_map(|place| routes.get(*place));
        let route = places.chain(&routes[..1]);
        let mut route = route.filter(|route| route.method == method || route.path == OTHER);
        if let Some(route) = route.next() {
            route.note(status, took);
        }
    }

    /// Adds what was counted to a page; routes that nobody asked are left out.
    pub fn show(&self, page: &mut Chosen<'_>) {
        let help = "Requests by route and class of status.";
        page.describe(REQUESTS, Kind::Counter, help);
        let help = "Time from the head of a request to that of its answer, by route.";
        page.describe(DURATION, Kind::Histogram, help);
        for route in &self.0.routes {
            route.show(page);
        }
    }
}

impl Route {
    fn show(&self, page: &mut Chosen<'_>) {
        let own = [("method", self.method.as_str()), ("route", self.path)];
        for (class, count) in CLASSES.iter().zip(&self.classes) {
            let count = count.load(Ordering::Relaxed);
            if count > 0 {
                let labels = [own[0], own[1], ("status", class)];
                page.add(REQUESTS, &labels, number(count));
            }
        }
        let mut sum = 0;
        let ends = ENDS.iter().map(ToString::to_string);
        let ends: Vec<_> = ends.chain(["+Inf".to_owned()]).collect();
        let counts = self
            .durations
            .each_ref()
            .map(|it| it.load(Ordering::Relaxed));
        if counts.iter().all(|count| *count == 0) {
            return;
        }
        for (end, count) in ends.iter().zip(counts) {
            sum += count;
            let labels = [("le", end.as_str()), own[0], own[1]];
            page.add_part(DURATION, "_bucket", &labels, number(sum));
        }
        let seconds = Duration::from_micros(self.micros.load(Ordering::Relaxed)).as_secs_f64();
        page.add_part(DURATION, "_sum", &own, seconds);
        page.add_part(DURATION, "_count", &own, number(sum));
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "whole numbers up to 2^53 stay exact"
)]
fn number(count: u64) -> f64 {
    count as f64
}

/// Counts each request with its answer.
pub(super) async fn count<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let Some(app) = request.app_data::<web::Data<App>>().cloned() else {
        return next.call(request).await;
    };
    let began = app.clock.monotonic();
    let answer = next.call(request).await?;
    let asked = answer.request();
    let path = asked.match_pattern().unwrap_or_default();
    let took = app.clock.monotonic().saturating_sub(began);
    let status = answer.status().as_u16();
    app.traffic
        .note(asked.method().as_str(), &path, status, took);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposition::{Format, Page, Wanted};

    #[test]
    fn answers_are_counted_by_route_and_class() {
        let traffic = Traffic::default();
        for (method, path, status, millis) in [
            ("GET", "/api/v1/servers/{id}", 200, 2),
            ("GET", "/api/v1/servers/{id}", 204, 7_000),
            ("GET", "/api/v1/servers/{id}", 404, 1),
            ("POST", "/api/v1/servers/{id}", 405, 1),
            ("GET", "", 999, 0),
        ] {
            traffic.note(method, path, status, Duration::from_millis(millis));
        }
        let (mut page, wanted) = (Page::new(), Wanted::default());
        traffic.show(&mut Chosen::new(&mut page, &wanted));
        let text = String::from_utf8(page.write(Format::Prometheus)).unwrap();
        let route = "method=\"GET\",route=\"/api/v1/servers/{id}\"";
        for line in [
            format!("{REQUESTS}{{{route},status=\"2xx\"}} 2"),
            format!("{REQUESTS}{{{route},status=\"4xx\"}} 1"),
            format!("{REQUESTS}{{method=\"any\",route=\"other\",status=\"4xx\"}} 1"),
            format!("{REQUESTS}{{method=\"any\",route=\"other\",status=\"5xx\"}} 1"),
            format!("{DURATION}_bucket{{le=\"0.001\",{route}}} 1"),
            format!("{DURATION}_bucket{{le=\"5\",{route}}} 2"),
            format!("{DURATION}_bucket{{le=\"+Inf\",{route}}} 3"),
            format!("{DURATION}_sum{{{route}}} 7.003"),
            format!("{DURATION}_count{{{route}}} 3"),
        ] {
            assert!(text.lines().any(|it| it == line), "{line} is not in {text}");
        }
        assert!(!text.contains("/health"), "{text}");
    }
}
