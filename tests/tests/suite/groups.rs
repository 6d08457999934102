//! Who is limited to groups of servers sees nothing of another group's: every route, the live
//! connection, questions in PromQL, what people are told.

use backend::config::database::DatabaseUrl;
use backend::store::tables::server::{self as servers, ServerRow};
use backend::store::tables::{Blob, Json, Moment, Word};
use backend::store::{Actor, Store, StoreError};
use common::api::servers::{Monitoring, ServerKind};
use common::ids::ServerId;
use common::time::UnixMs;
use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::live::Live;
use tests::server::{PASSWORD, TestServer};
use tests::wait;

use crate::alerts::active;
use crate::custom::{PUSH, ago, push_text};
use crate::keys::with_key;
use crate::remote_write::written;

crate::on_both!(
    no_route_shows_a_server_of_another_group,
    questions_count_the_own_servers_alone,
    other_groups_count_at_once_for_sessions_keys_and_pages,
);

/// The other server; no other text of a test server has it.
pub(crate) const OTHER: ServerId = ServerId(uuid::Uuid::from_u128(
    0x5eed_0000_0000_7000_8000_0000_0000_beef,
));
pub(crate) const OTHER_NAME: &str = "zz-other-server";
pub(crate) const LOW: &str = "A low backlog";

/// A server with the local machine in the group `web` and another server in `db`, both with a value
/// of `backlog` and an alert, and the managers `web` and `db` who are limited to their groups.
pub(crate) struct Stage {
    pub(crate) server: TestServer,
    pub(crate) admin: Api,
    pub(crate) local: String,
    other_alert: String,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let mut server = TestServer::builder().start().await.unwrap();
        server.stop().unwrap();
        add_other(&server).await;
        server.start().await.unwrap();
        let admin = server.login("admin").await.unwrap();
        let list = admin.get("/api/v1/servers").await.unwrap();
        let list = list.expect(200).unwrap();
        let local = list["items"].as_array().unwrap().iter();
        let local = local.clone().find(|it| it["kind"] == "local").unwrap();
        let local = local["id"].as_str().unwrap().to_owned();
        move_to(&admin, &local, "web").await;
        for group in ["web", "db"] {
            let person = json!({
                "username": group, "role": "manager", "password": PASSWORD, "groups": [group],
            });
            let added = admin.post("/api/v1/users", &person).await.unwrap();
            assert_eq!(added.expect(201).unwrap()["groups"], json!([group]));
        }
        let mut stage = Self {
            server,
            admin,
            local,
            other_alert: String::new(),
        };
        stage.raise().await;
        stage
    }

    /// Lets an alert fire on each of both servers.
    async fn raise(&mut self) {
        let rule = json!({
            "name": LOW, "metric": "backlog", "comparison": "<", "warning": 10.0,
        });
        let added = self.admin.post("/api/v1/alerts/rules", &rule).await;
        added.unwrap().expect(201).unwrap();
        for (server, value) in [(self.local.clone(), 3), (OTHER.to_string(), 4)] {
            let path = format!("{PUSH}?server={server}");
            let pushed = push_text(&self.admin, &path, format!("backlog {value}\n")).await;
            pushed.expect(200).unwrap();
        }
        let other = wait::until("both alerts", async || {
            let list = self.admin.get("/api/v1/alerts?limit=500").await?;
            let list = list.expect(200)?;
            let items = list["items"].as_array().cloned().unwrap_or_default();
            let mut low: Vec<_> = items.into_iter().filter(|it| it["rule"] == LOW).collect();
            low.retain(|it| it["server_id"] == OTHER.to_string() || it["server_id"] == self.local);
            let is_both = low.len() == 2;
            let other = low
                .into_iter()
                .find(|it| it["server_id"] == OTHER.to_string());
            Ok(other.filter(|_| is_both))
        });
        let other = other.await.unwrap();
        other["id"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.other_alert);
    }

    /// Limits the person to other groups.
    async fn limit(&self, username: &str, groups: Value) -> Value {
        let path = user_path(&self.admin, username).await;
        let change = json!({ "groups": groups });
        let changed = self.admin.call(Method::PATCH, &path, &change).await;
        changed.unwrap().expect(200).unwrap()
    }
}

pub(crate) async fn user_path(admin: &Api, username: &str) -> String {
    let users = admin.get("/api/v1/users").await.unwrap();
    let users = users.expect(200).unwrap();
    let mut items = users["items"].as_array().unwrap().iter();
    let user = items.find(|it| it["username"] == username).unwrap();
    format!("/api/v1/users/{}", user["id"].as_str().unwrap())
}

/// Adds the other server to the data of one that is stopped.
async fn add_other(server: &TestServer) {
    let url = server.database().map(tests::postgres::Database::url);
    let url: Option<DatabaseUrl> = url.map(|url| url.parse().unwrap());
    let directory = server.data_dir();
    let open = move || Store::open(&directory, url.as_ref());
    let store = tokio::task::spawn_blocking(open).await.unwrap().unwrap();
    let row = ServerRow {
        id: Blob(OTHER),
        name: OTHER_NAME.to_owned(),
        kind: Word(ServerKind::Push),
        address: None,
        group_name: Some("db".to_owned()),
        tags: Json(Vec::new()),
        interval_seconds: 60,
        enabled: true,
        monitoring: Word(Monitoring::Running),
        created_at: Moment(UnixMs(1)),
        updated_at: Moment(UnixMs(1)),
    };
    let added = store.change(&Actor::System("test"), move |conn| {
        servers::insert(conn, &row)?;
        Ok::<_, StoreError>(())
    });
    added.await.unwrap();
    store.close().await;
}

async fn move_to(admin: &Api, server: &str, group: &str) {
    let (path, group) = (format!("/api/v1/servers/{server}"), json!({"group": group}));
    let moved = admin.call(Method::PATCH, &path, &group).await.unwrap();
    assert_eq!(moved.expect(200).unwrap()["group"], group["group"]);
}

/// What each route needs to answer in full.
fn parameters_of(path: &str) -> &'static str {
    match path.rsplit('/').next().unwrap_or_default() {
        "series" => "match%5B%5D=%7B__name__%3D~%22backlog.*%22%7D",
        "query" if path.contains("/prom/") => "query=backlog",
        "query_range" => "query=backlog&start=0&end=1&step=1",
        "query" => "metric=backlog&from=0",
        "export" if path.contains("/metrics/") => "metric=backlog&from=0",
        "format_query" => "query=backlog",
        _ => "",
    }
}

/// The operations of the API: method, path, and whether they take the parameter `server`.
async fn operations(api: &Api) -> Vec<(Method, String, bool)> {
    let openapi = api.get("/api/v1/openapi.json").await.unwrap();
    let openapi = openapi.expect(200).unwrap();
    let mut operations = Vec::new();
    for (path, item) in openapi["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            let parameters = operation["parameters"].as_array();
            let takes_server = parameters
                .into_iter()
                .flatten()
                .any(|it| it["name"] == "server" && it["in"] == "query");
            operations.push((method, path.clone(), takes_server));
        }
    }
    operations
}

/// No route of `web` answers about the other server or its alert, and none names it.
async fn no_route_shows_a_server_of_another_group() {
    let stage = Stage::new().await;
    let web = stage.server.login("web").await.unwrap();
    let db = stage.server.login("db").await.unwrap();
    people_are_told_of_the_own_servers_alone(&web, &db).await;
    let (mut about, mut lists) = (0, 0);
    for (method, path, takes_server) in operations(&web).await {
        let is_of_server = path.contains("/servers/{id}") || path.contains("/status/server/{id}");
        let is_of_alert = path.contains("/alerts/{id}");
        let named = match (is_of_server, is_of_alert) {
            (true, _) => path.replace("{id}", &OTHER.to_string()),
            (_, true) => path.replace("{id}", &stage.other_alert),
            _ => path.replace("{name}", "instance"),
        };
        if named.contains('{') || path.contains("/auth/") || path.ends_with("/ws") {
            continue;
        }
        let parameters = parameters_of(&path);
        let asked = if takes_server && !path.contains("/alerts") {
            format!("{named}?server={OTHER}&{parameters}")
        } else {
            format!("{named}?{parameters}")
        };
        let place = format!("{method} {asked}");
        if is_of_server || is_of_alert || asked.contains("server=") {
            let answer = send(&web, &method, &asked).await;
            assert_eq!(answer.0, 404, "{place}: {}", answer.1);
            let of_own = send(&db, &method, &asked).await;
            assert!(of_own.0 < 300, "{place} of db: {} {}", of_own.0, of_own.1);
            about += 1;
        }
        if method == Method::GET {
            let (status, text) = send(&web, &method, &format!("{named}?{parameters}")).await;
            let tells = text.contains(OTHER_NAME) || text.contains(&OTHER.to_string());
            assert!(!tells && status < 500, "{named} tells {status} {text}");
            lists += 1;
        }
    }
    assert!(about > 20 && lists > 35, "{about} objects, {lists} lists");
}

async fn people_are_told_of_the_own_servers_alone(web: &Api, db: &Api) {
    let inbox = "/api/v1/notifications/inbox";
    for (person, is_told) in [(web, false), (db, true)] {
        active(person, LOW).await;
        let told = wait::until("a message", async || {
            let messages = person.get(inbox).await?.expect(200)?;
            Ok(messages["items"]
                .to_string()
                .contains(LOW)
                .then_some(messages))
        });
        let told = told.await.unwrap().to_string();
        assert_eq!(told.contains(&OTHER.to_string()), is_told, "{told}");
    }
}

/// Status and text of an answer to a request that makes sense, whatever it is about.
async fn send(api: &Api, method: &Method, path: &str) -> (u16, String) {
    let request = api.request(method.clone(), path);
    let request = match path {
        _ if *method == Method::GET => request,
        path if path.contains("/prom/api/v1/write") => {
            let message = written(&[("__name__", "written")], &[(ago(10), 1.0)]);
            let body = snap::raw::Encoder::new().compress_vec(&message).unwrap();
            request
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .body(body)
        }
        path if path.contains("/comments") => request.json(&json!({"comment": "seen"})),
        path if path.contains("/assign") => request.json(&json!({"user_id": null})),
        path if path.contains("/otlp/") => request.json(&json!({"resourceMetrics": []})),
        path if path.contains("/metrics/custom") => request.json(&json!({
            "samples": [{"metric": "backlog", "value": 5}],
        })),
        _ => request.json(&json!({})),
    };
    let answer = api.send(request).await.unwrap();
    (answer.status, answer.text)
}

/// The answer to an expression, written as a part of an address.
async fn asked(api: &Api, expression: &str) -> Value {
    let path = format!("/api/v1/prom/api/v1/query?query={expression}");
    api.get(&path).await.unwrap().expect(200).unwrap()
}

async fn questions_count_the_own_servers_alone() {
    let stage = Stage::new().await;
    let web = stage.server.login("web").await.unwrap();
    for (api, seen) in [(&stage.admin, 2), (&web, 1)] {
        for expression in ["count(backlog)", "count(%7B__name__%3D%22backlog%22%7D)"] {
            let answer = asked(api, expression).await;
            let count = &answer["data"]["result"][0]["value"][1];
            assert_eq!(*count, json!(seen.to_string()), "{expression}: {answer}");
        }
        let values = api.get("/api/v1/prom/api/v1/label/instance/values?match%5B%5D=backlog");
        let values = values.await.unwrap().expect(200).unwrap();
        assert_eq!(values["data"].as_array().unwrap().len(), seen, "{values}");
        let page = api.get("/metrics?match%5B%5D=backlog").await.unwrap().text;
        let lines = page.lines().filter(|line| line.starts_with("backlog"));
        assert_eq!(lines.count(), seen, "{page}");
    }
    let other = format!("absent(backlog%7Binstance%3D%22{OTHER_NAME}%22%7D)");
    let answer = asked(&web, &other).await;
    assert_eq!(answer["data"]["result"][0]["value"][1], "1", "{answer}");
}

/// The names on the page of servers.
async fn names(api: &Api) -> Vec<String> {
    let list = api.get("/api/v1/status/realtime").await.unwrap();
    let list = list.expect(200).unwrap();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|it| it["server_id"].as_str().unwrap().to_owned())
        .collect()
}

async fn other_groups_count_at_once_for_sessions_keys_and_pages() {
    let stage = Stage::new().await;
    let web = stage.server.login("web").await.unwrap();
    let (key, _) = with_key(&web, &["metrics.read"]).await;
    let of_key = async || {
        let answer = key.get("/api/v1/metrics/query?metric=backlog&from=0").await;
        let answer = answer.unwrap().expect(200).unwrap();
        answer["series"].as_array().unwrap().len()
    };
    let base = stage.server.base();
    for (groups, own, other) in [
        (json!(["web"]), true, false),
        (json!([" db", "db"]), false, true),
        (json!(["db", "web"]), true, true),
        (json!(["nothing"]), false, false),
        (json!([]), true, true),
    ] {
        let mut live = Live::authenticated(&base, web.token()).await.unwrap();
        live.subscribe("fleet").await.unwrap();
        let changed = stage.limit("web", groups.clone()).await;
        let seen = names(&web).await;
        let expected = [(own, stage.local.clone()), (other, OTHER.to_string())];
        for (is_seen, server) in expected {
            assert_eq!(seen.contains(&server), is_seen, "{groups} {changed}");
        }
        assert_eq!(of_key().await, usize::from(own) + usize::from(other));
        if groups != json!(["web"]) {
            assert_eq!(live.until_closed().await.unwrap(), Some(4403), "{groups}");
        }
        let mut live = Live::authenticated(&base, web.token()).await.unwrap();
        live.subscribe("fleet").await.unwrap();
        let fleet = live.until("fleet").await.unwrap();
        let shown = fleet["items"].as_array().unwrap().len();
        assert_eq!(shown, seen.len(), "{fleet}");
        let topic = format!("server:{OTHER}");
        let wanted = json!({"type": "subscribe", "topic": topic});
        live.send(&wanted).await.unwrap();
        let kind = if other { "subscribed" } else { "error" };
        let answer = live.until(kind).await.unwrap();
        assert!(other || answer["problem"]["status"] == 404, "{answer}");
    }
}
