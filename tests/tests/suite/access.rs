//! No role can do what its row in the matrix does not say: every route × every role × nobody.

use common::access::{Permission, Role};
use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::server::TestServer;
use uuid::Uuid;

use crate::groups::user_path;

crate::on_both!(
    every_route_obeys_the_matrix,
    a_key_opens_the_routes_of_its_scopes_alone,
    roles_are_published_as_the_table_says,
    a_disabled_person_and_a_lower_role_lose_access_at_once,
    an_administrator_is_never_limited_to_groups,
    the_documentation_names_every_route_and_its_permission,
);

/// One operation of the route table, as the OpenAPI document names it.
struct Operation {
    method: Method,
    path: String,
    permission: String,
}

impl Operation {
    /// All operations, with an id that exists nowhere in place of each parameter.
    fn all(openapi: &Value) -> Vec<Self> {
        let paths = openapi["paths"].as_object().unwrap();
        let mut operations = Vec::new();
        for (path, item) in paths {
            for (method, operation) in item.as_object().unwrap() {
                let Ok(method) = method.to_uppercase().parse::<Method>() else {
                    continue;
                };
                if operation.get("responses").is_none() {
                    continue;
                }
                let permission = operation["x-permission"].as_str();
                let permission = permission
                    .unwrap_or_else(|| panic!("{method} {path} has no x-permission"))
                    .to_owned();
                operations.push(Self {
                    method,
                    path: with_unknown_ids(path),
                    permission,
                });
            }
        }
        operations
    }

    /// Whether this role's row in the matrix allows it.
    fn allows(&self, role: Role) -> bool {
        match self.permission.as_str() {
            "public" | "self" => true,
            name => {
                let known = Permission::ALL.iter().find(|it| it.name() == name);
                role.may(*known.unwrap_or_else(|| panic!("unknown permission {name}")))
            }
        }
    }

    async fn status(&self, caller: &Api) -> u16 {
        let body = json!({"no such field": 1});
        let answer = match self.method {
            Method::GET | Method::DELETE => {
                caller
                    .send(caller.request(self.method.clone(), &self.path))
                    .await
            }
            _ => caller.call(self.method.clone(), &self.path, &body).await,
        };
        answer.unwrap().status
    }
}

fn with_unknown_ids(path: &str) -> String {
    path.split('/')
        .map(|part| {
            if part.starts_with('{') {
                Uuid::nil().to_string()
            } else {
                part.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn every_route_obeys_the_matrix() {
    let server = TestServer::builder()
        .with_user("viewer")
        .with_user("operator")
        .with_user("manager")
        .start()
        .await
        .unwrap();
    let nobody = server.anonymous().unwrap();
    let openapi = nobody.get("/api/v1/openapi.json").await.unwrap();
    let operations = Operation::all(&openapi.expect(200).unwrap());
    assert!(operations.len() > 40, "only {} routes", operations.len());

    let mut wrong = Vec::new();
    let mut cells = 0;
    for operation in &operations {
        let status = operation.status(&nobody).await;
        let refused = status == 401;
        // A login without a body that can be read is no refusal of the caller.
        if refused == (operation.permission == "public") && !is_login(&operation.path) {
            wrong.push(format!(
                "nobody: {} {} → {status}",
                operation.method, operation.path
            ));
        }
        cells += 1;
    }
    for role in Role::ALL {
        let mut caller = server.login(role.name()).await.unwrap();
        for operation in &operations {
            let status = operation.status(&caller).await;
            let refused = status == 403;
            if refused == operation.allows(role)
                || status == 401 && !is_login(&operation.path)
                || status >= 500
            {
                wrong.push(format!(
                    "{role}: {} {} → {status}",
                    operation.method, operation.path
                ));
            }
            cells += 1;
            // These may end the session, or all of somebody's.
            if ["/auth/", "/users"]
                .iter()
                .any(|it| operation.path.contains(it))
            {
                caller = server.login(role.name()).await.unwrap();
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cells} cells: {wrong:#?}",
        wrong.len()
    );
}

async fn a_key_opens_the_routes_of_its_scopes_alone() {
    let server = TestServer::builder().start().await.unwrap();
    let nobody = server.anonymous().unwrap();
    let openapi = nobody.get("/api/v1/openapi.json").await.unwrap();
    let operations = Operation::all(&openapi.expect(200).unwrap());
    let both = ["metrics.read", "metrics.write"];
    for scopes in [&both[..1], &both[1..], &both] {
        // The logout among them ends the session of the cookie.
        let admin = server.login("admin").await.unwrap();
        let (script, _) = crate::keys::with_key(&admin, scopes).await;
        for operation in &operations {
            let permission = operation.permission.as_str();
            let status = operation.status(&script).await;
            let is_open = permission == "public" || scopes.contains(&permission);
            let place = format!("{scopes:?}: {} {}", operation.method, operation.path);
            assert_eq!(status == 403, !is_open, "{place} → {status}");
            let is_refused = status == 401 && !is_login(&operation.path);
            assert!(!is_refused && status < 500, "{place} → {status}");
        }
    }
}

/// Refresh and logout answer 401 for want of a cookie, which is not the access token.
fn is_login(path: &str) -> bool {
    ["/auth/login", "/auth/refresh", "/auth/logout"]
        .iter()
        .any(|end| path.ends_with(end))
}

async fn roles_are_published_as_the_table_says() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let viewer = server.login("viewer").await.unwrap();
    let roles = viewer
        .get("/api/v1/roles")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    for (role, item) in Role::ALL.iter().zip(roles["items"].as_array().unwrap()) {
        let names: Vec<_> = role.permissions().map(Permission::name).collect();
        assert_eq!(item["role"], role.name());
        assert_eq!(item["permissions"], json!(names));
    }
}

async fn a_disabled_person_and_a_lower_role_lose_access_at_once() {
    let server = TestServer::builder()
        .with_user("manager")
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let admin = server.login("admin").await.unwrap();
    let users = admin
        .get("/api/v1/users")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let id_of = |name: &str| {
        let items = users["items"].as_array().unwrap();
        let person = items.iter().find(|it| it["username"] == name).unwrap();
        person["id"].as_str().unwrap().to_owned()
    };

    let viewer = server.login("viewer").await.unwrap();
    let path = format!("/api/v1/users/{}", id_of("viewer"));
    let disable = json!({"disabled": true});
    admin
        .call(Method::PATCH, &path, &disable)
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    viewer
        .get("/api/v1/servers")
        .await
        .unwrap()
        .expect(401)
        .unwrap();

    let manager = server.login("manager").await.unwrap();
    let path = format!("/api/v1/users/{}", id_of("manager"));
    let lower = json!({"role": "viewer"});
    admin
        .call(Method::PATCH, &path, &lower)
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let status = manager
        .post("/api/v1/alerts/rules", &json!({}))
        .await
        .unwrap()
        .status;
    assert!(status == 401 || status == 403, "still a manager: {status}");

    let last = format!("/api/v1/users/{}", id_of("admin"));
    for change in [json!({"role": "viewer"}), json!({"disabled": true})] {
        admin
            .call(Method::PATCH, &last, &change)
            .await
            .unwrap()
            .expect(409)
            .unwrap();
    }
    let request = admin.request(Method::DELETE, &last);
    admin.send(request).await.unwrap().expect(409).unwrap();
}

async fn an_administrator_is_never_limited_to_groups() {
    let server = TestServer::builder().with_user("viewer").start().await;
    let server = server.unwrap();
    let admin = server.login("admin").await.unwrap();
    let path = user_path(&admin, "admin").await;
    let web = json!({"groups": ["web"]});
    let refused = admin.call(Method::PATCH, &path, &web).await.unwrap();
    let refused = refused.expect(422).unwrap();
    assert_eq!(refused["errors"][0]["field"], "groups", "{refused}");
    let path = user_path(&admin, "viewer").await;
    let limited = admin.call(Method::PATCH, &path, &web).await.unwrap();
    limited.expect(200).unwrap();
    let raised = json!({"role": "admin"});
    let refused = admin.call(Method::PATCH, &path, &raised).await.unwrap();
    refused.expect(422).unwrap();
    let raised = json!({"role": "admin", "groups": []});
    let raised = admin.call(Method::PATCH, &path, &raised).await.unwrap();
    raised.expect(200).unwrap();
    for groups in [json!(["a,b"]), json!([""]), json!(["a\nb"])] {
        let limited = json!({"role": "viewer", "groups": groups});
        let refused = admin.call(Method::PATCH, &path, &limited).await.unwrap();
        refused.expect(422).unwrap();
    }
}

async fn the_documentation_names_every_route_and_its_permission() {
    let server = TestServer::builder().start().await.unwrap();
    let nobody = server.anonymous().unwrap();
    let openapi = nobody.get("/api/v1/openapi.json").await.unwrap();
    let openapi = openapi.expect(200).unwrap();
    let mut there: Vec<_> = openapi["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .filter_map(move |(method, operation)| {
                    let permission = operation["x-permission"].as_str()?;
                    Some(format!(
                        "| `{} {path}` | `{permission}` |",
                        method.to_uppercase()
                    ))
                })
        })
        .collect();
    there.sort();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/api.md");
    let text = std::fs::read_to_string(file).unwrap();
    let mut named: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("| `") && line.contains(" /"))
        .map(|line| {
            let cells: Vec<_> = line.split(" | ").take(2).collect();
            format!("{} |", cells.join(" | ").trim_end_matches(" |"))
        })
        .collect();
    named.sort();
    assert_eq!(
        named, there,
        "docs/api.md, “Routes”: one line a route: | `METHOD path` | `permission` | meaning |"
    );
}
