//! What people come for, done by a real browser against the real binary.

mod access;
mod alert_page;
mod alerts;
mod database;
mod first_login;
mod keys;
mod looks;
mod metrics;
mod noise;
mod notifications;
mod on_call;
mod query;
mod remote_write;
mod resume;
mod rule_editor;
mod server;
mod targets;

use tests::api::Api;
use tests::wait;

/// The local server's id.
async fn local_server(api: &Api) -> String {
    wait::until("the local server", async || {
        let servers = api.get("/api/v1/servers").await?.expect(200)?;
        Ok(servers["items"][0]["id"].as_str().map(str::to_owned))
    })
    .await
    .unwrap()
}
