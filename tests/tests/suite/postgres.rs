//! What is only to be promised where the databases are on PostgreSQL: it may go away and come back,
//! belongs to one server alone, and takes over what was in files.

use serde_json::{Value, json};
use tests::api::Api;
use tests::postgres::Database;
use tests::server::{TestServer, on_postgres, serve_command};
use tests::wait::until;

use crate::alerts::{active, always};

async fn add_rule(api: &Api, name: &str) -> u16 {
    let mut rule = always(name);
    rule["enabled"] = json!(false);
    let answer = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    answer.status
}

async fn rules(api: &Api) -> Vec<String> {
    let answer = api.get("/api/v1/alerts/rules?limit=500").await.unwrap();
    let rules = answer.expect(200).unwrap();
    let rules = rules["items"].as_array().unwrap().iter();
    rules
        .map(|rule| rule["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_server_of_the_database_that_restarts_is_waited_for() {
    on_postgres(async {
        let postgres = Database::alone().unwrap();
        let server = TestServer::builder().with_database(postgres.clone());
        let server = server.start().await.unwrap();
        let api = server.login("admin").await.unwrap();
        for round in 0..3 {
            assert_eq!(add_rule(&api, &format!("before {round}")).await, 201);
            postgres.halt().unwrap();
            let refused = add_rule(&api, &format!("meanwhile {round}")).await;
            assert_eq!(refused, 503);
            until("not to be ready", async || {
                let ready = api.get("/health/ready").await?;
                Ok((ready.status == 503).then_some(()))
            })
            .await
            .unwrap();
            postgres.go_on().unwrap();
            until("changes to be taken", async || {
                let status = add_rule(&api, &format!("after {round}")).await;
                Ok((status != 503).then_some(()))
            })
            .await
            .unwrap();
        }
        let kept = rules(&api).await;
        for round in 0..3 {
            for (when, copies) in [("before", 1), ("meanwhile", 0), ("after", 1)] {
                let name = format!("{when} {round}");
                let found = kept.iter().filter(|it| **it == name).count();
                assert_eq!(found, copies, "{name}");
            }
        }
        // Samples go on too: a rule that looks at them fires.
        let rule = api.post("/api/v1/alerts/rules", &always("Later")).await;
        rule.unwrap().expect(201).unwrap();
        active(&api, "Later").await;
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_ended_costs_no_change() {
    on_postgres(async {
        let server = TestServer::builder().start().await.unwrap();
        let api = server.login("admin").await.unwrap();
        let database = server.database().unwrap();
        for round in 0..5 {
            database.end_sessions().unwrap();
            until("a change to be taken", async || {
                let status = add_rule(&api, &format!("rule {round}")).await;
                Ok((status == 201).then_some(()))
            })
            .await
            .unwrap();
            assert!(rules(&api).await.contains(&format!("rule {round}")));
        }
    })
    .await;
}

#[tokio::test]
async fn a_second_server_is_told_what_to_do_and_no_password() {
    on_postgres(async {
        let server = TestServer::builder().start().await.unwrap();
        let database = server.database().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let url = format!("{}&password=s3cret", database.url());
        let second = |url: &str| {
            let mut command = serve_command(elsewhere.path());
            command.env("WATCHPOST_DATABASE__URL", url);
            let output = command.args(["--listen", "127.0.0.1:0"]).output().unwrap();
            assert!(!output.status.success());
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said).into_owned();
            assert!(!said.contains("s3cret"), "{said}");
            said
        };
        let said = second(&url);
        assert!(said.contains("in use by another process"), "{said}");
        assert!(said.contains("database.url"), "{said}");
        for (wrong, reason) in [
            ("postgres://ann:s3cret@127.0.0.1:1/none", "refused"),
            ("mysql://ann:s3cret@db/none", "postgres://"),
            ("postgres://ann:s3cret@db", "names no database"),
        ] {
            let said = second(wrong);
            assert!(said.contains(reason), "{wrong}: {said}");
        }
    })
    .await;
}

/// Answers that must not change with the engine, about samples up to `now`.
async fn answers(api: &Api, now: i64) -> Vec<Value> {
    let range = format!("from={}&to={now}", now - 7_200_000);
    let mut answers = Vec::new();
    for path in [
        "/api/v1/users".to_owned(),
        "/api/v1/alerts/rules?limit=500".to_owned(),
        "/api/v1/alerts?state=resolved".to_owned(),
        "/api/v1/api-keys".to_owned(),
        "/api/v1/metrics/series?match[]=moved".to_owned(),
        format!("/api/v1/metrics/query?metric=moved&{range}"),
        format!("/api/v1/metrics/query?metric=moved&{range}&step=60&agg=max"),
    ] {
        let answer = api.get(&path).await.unwrap();
        let mut body = answer.expect(200).unwrap();
        for item in body["items"].as_array_mut().into_iter().flatten() {
            // To ask means to log in.
            item["last_login_at"].take();
        }
        answers.push(json!([path, body]));
    }
    answers
}

#[tokio::test]
async fn what_was_in_files_is_answered_from_postgresql() {
    let mut server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let api = server.login("admin").await.unwrap();
    for name in ["B", "a", "Z", "é"] {
        assert_eq!(add_rule(&api, name).await, 201);
    }
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let samples: Vec<Value> = (0..100)
        .map(|n| json!({"metric": "moved", "value": n, "at": now - n * 60_000}))
        .collect();
    let push = json!({"samples": samples});
    let pushed = api.post("/api/v1/metrics/custom", &push).await.unwrap();
    pushed.expect(200).unwrap();
    let key = json!({"name": "a script", "scopes": ["metrics.read"]});
    let made = api.post("/api/v1/api-keys", &key).await.unwrap();
    made.expect(201).unwrap();
    let before = answers(&api, now).await;
    assert_eq!(server.stop().unwrap(), Some(0));

    let database = Database::create().unwrap();
    let url = database.url();
    let output = server.db_command(&["migrate-to", &url]).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("database.url") && said.contains("compared"),
        "{said}"
    );

    server.set_database(&url);
    server.start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let after = answers(&api, now).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    assert_eq!(add_rule(&api, "new").await, 201);
    assert_eq!(server.stop().unwrap(), Some(0));

    let again = server.db_command(&["migrate-to", &url]).output().unwrap();
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        !again.status.success() && said.contains("has data"),
        "{said}"
    );
}
