//! The catalogue of metrics, through the handler.

use actix_web::http::Method;
use actix_web::test::init_service;
use actix_web::web;
use serde_json::{Value, json};

use super::super::application;
use super::stage::{PASSWORD, app, ask, login, request};
use crate::clock::Clock;

const CATALOGUE: &str = "/api/v1/metrics/catalog";

#[actix_web::test]
async fn the_catalogue_is_listed_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(&dir, Clock::system()).await;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let ask_with = |token: &str| request(&Method::GET, CATALOGUE, token, &Value::Null).to_request();
    assert_eq!(ask(&service, ask_with("")).await.status, 401);

    let admin = ask(&service, login("admin", PASSWORD).to_request()).await;
    let answer = ask(&service, ask_with(&admin.text("access_token"))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["next_cursor"], Value::Null);
    let items = answer.body["items"].as_array().unwrap();
    assert_eq!(items.len(), common::metric::CATALOGUE.len());
    assert!(items.is_sorted_by_key(|item| item["name"].as_str()));
    let found = items
        .iter()
        .find(|item| item["name"] == "node_cpu_seconds_total");
    assert_eq!(
        *found.unwrap(),
        json!({
            "name": "node_cpu_seconds_total",
            "unit": "seconds",
            "kind": "counter",
            "help": "Seconds that a processor spent in one mode.",
            "labels": ["cpu", "mode"],
            "category": "system",
        })
    );
    app.stop().await;
}
