//! Who is told one after the other, and how one wants to be told: made and changed by a person.

use reqwest::Method;
use serde_json::{Value, json};
use tests::browser::Browser;
use tests::server::TestServer;
use tests::wait;

/// Chooses the option of a menu that has this text.
pub(super) async fn choose(browser: &Browser, menu: &str, text: &str) {
    let script = format!(
        "const menu = document.querySelector({menu:?});
         const option = [...(menu?.options ?? [])].find(it => it.textContent.trim() === {text:?});
         if (!option) return false;
         menu.value = option.value;
         menu.dispatchEvent(new Event('change', {{bubbles: true}}));
         return true;"
    );
    wait::until(&format!("{text} in {menu}"), async || {
        let chosen = browser.script(&script).await?;
        Ok((chosen == Value::Bool(true)).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_schedule_and_a_policy_that_tells_by_it_are_made() {
    let server = TestServer::builder()
        .with_user("manager")
        .start()
        .await
        .unwrap();
    let api = server.login("manager").await.unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "manager").await.unwrap();
    let page = format!("{}/alerts/settings", server.base());
    browser.goto(&page).await.unwrap();
    browser.until_text("No on-call schedules").await.unwrap();

    browser.press("Add a schedule").await.unwrap();
    browser.fill("#schedule-name", "Primary").await.unwrap();
    browser.press("Save the schedule").await.unwrap();
    browser.until_text("layers[0].people").await.unwrap();
    choose(&browser, "[aria-label^='Add somebody']", "manager").await;
    browser.press("Save the schedule").await.unwrap();
    browser.until_text("Now manager, until").await.unwrap();

    browser.press("Add a policy").await.unwrap();
    browser.fill("#policy-name", "Night").await.unwrap();
    choose(&browser, "[aria-label='Tell also']", "on call: Primary").await;
    browser.press("Add a step").await.unwrap();
    let second = ".parts__one:nth-of-type(2) [aria-label='Tell also']";
    choose(&browser, second, "all channels").await;
    browser.fill("#policy-repeat", "soon").await.unwrap();
    browser.press("Save the policy").await.unwrap();
    browser
        .until_text("must be a number of minutes")
        .await
        .unwrap();
    browser.fill("#policy-repeat", "30").await.unwrap();
    browser.press("Save the policy").await.unwrap();
    browser
        .until_text("At once: on call: Primary")
        .await
        .unwrap();
    browser
        .until_text("5 min later: all channels")
        .await
        .unwrap();
    browser
        .until_text("30 min later it begins anew")
        .await
        .unwrap();

    let kept = api.get("/api/v1/alerts/escalation-policies").await.unwrap();
    let kept = kept.expect(200).unwrap();
    let policy = &kept["items"][0];
    assert_eq!(policy["repeat_after_seconds"], 1_800, "{kept}");
    assert_eq!(policy["steps"][0]["targets"][0]["kind"], "schedule");
    assert_eq!(policy["steps"][1]["delay_seconds"], 300);

    browser.press("Remove Primary").await.unwrap();
    browser.press("Remove the schedule").await.unwrap();
    browser.until_text("No on-call schedules").await.unwrap();
    browser.expect_silent_console(&["422"]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn somebody_says_how_to_be_told() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let admin = server.login("admin").await.unwrap();
    let channel = json!({"name": "my phone", "kind": "webhook", "config": {"url": "https://hook.example.org/a"}});
    let channel = admin.post("/api/v1/notifications/channels", &channel).await;
    let channel = channel.unwrap().expect(201).unwrap();
    let mail = json!({"name": "my mail", "kind": "webhook", "config": {"url": "https://hook.example.org/b"}});
    let mail = admin.post("/api/v1/notifications/channels", &mail).await;
    let mail = mail.unwrap().expect(201).unwrap();
    let api = server.login("viewer").await.unwrap();
    let kept = async || {
        let kept = api.get("/api/v1/notifications/preferences").await.unwrap();
        kept.expect(200).unwrap()
    };
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "viewer").await.unwrap();
    let page = format!("{}/settings", server.base());
    browser.goto(&page).await.unwrap();
    let id = channel["id"].as_str().unwrap();
    browser.click(&format!("#critical-{id}")).await.unwrap();
    let id = mail["id"].as_str().unwrap();
    browser.click(&format!("#critical-{id}")).await.unwrap();
    choose(
        &browser,
        "#channel-order",
        "The first; the next one if it fails",
    )
    .await;
    browser.until_text("2. my mail").await.unwrap();
    browser.press("Ask my mail earlier").await.unwrap();
    browser.until_text("2. my phone").await.unwrap();
    choose(&browser, "#locale", "Deutsch (de)").await;
    browser.press("Add quiet hours").await.unwrap();
    choose(&browser, ".intervals__days", "Monday to Friday").await;
    choose(&browser, "#digest", "Those of a day together").await;
    browser.find("#digest-at").await.unwrap();
    browser.press("Save").await.unwrap();
    // That the language was kept is said in the same word.
    let saved = wait::until("the preferences to be kept", async || {
        let saved = kept().await;
        Ok((saved["channel_order"] == "in_order").then_some(saved))
    });
    let saved = saved.await.unwrap();
    browser.until_text("Saved.").await.unwrap();
    let both = json!([mail["id"], channel["id"]]);
    assert_eq!(saved["critical"], both, "{saved}");
    assert_eq!(saved["channel_order"], "in_order", "{saved}");
    assert_eq!(saved["warning"], json!([]));
    let quiet = &saved["quiet_hours"][0];
    assert_eq!(quiet["weekdays"], json!(["monday:friday"]), "{saved}");
    let night = json!([{"start_time": "22:00", "end_time": "07:00"}]);
    assert_eq!(quiet["times"], night, "{saved}");
    assert_eq!(saved["digest"]["kind"], "daily", "{saved}");

    browser.goto(&page).await.unwrap();
    browser.find("#digest-at").await.unwrap();
    browser.until_text("1. my mail").await.unwrap();
    browser
        .until_text("What you asked to be told by")
        .await
        .unwrap();
    browser.press("Save my data").await.unwrap();
    let data = browser.downloaded("watchpost-personal-data-").await;
    let data: Value = serde_json::from_str(&data.unwrap()).unwrap();
    assert_eq!(data["settings"]["locale"], "de", "{data}");
    assert_eq!(data["consents"][0]["name"], "my phone", "{data}");
    browser.goto(&page).await.unwrap();
    browser
        .press("Erase all of this and your inbox…")
        .await
        .unwrap();
    browser.press("Erase").await.unwrap();
    browser.until_text("were erased").await.unwrap();
    assert_eq!(kept().await["quiet_hours"], json!([]));
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn the_configuration_is_saved_and_taken_back_as_a_file() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let policy = json!({"name": "Night", "steps": [{"targets": [{"kind": "all_channels"}]}]});
    let path = "/api/v1/alerts/escalation-policies";
    let made = api.post(path, &policy).await.unwrap().expect(201).unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let page = format!("{}/alerts/settings", server.base());
    browser.goto(&page).await.unwrap();
    browser.until_text("At once: all channels").await.unwrap();
    browser.press("Save as TOML").await.unwrap();
    let saved = browser.downloaded("watchpost-alerting").await.unwrap();
    assert!(saved.contains("name = \"Night\""), "{saved}");

    let gone = format!("{path}/{}", made["id"].as_str().unwrap());
    api.call(Method::DELETE, &gone, &json!({}))
        .await
        .unwrap()
        .expect(204)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("broken.toml", saved.replace("Night", "")),
        ("kept.toml", saved),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let input = browser.find("input[type=file]").await.unwrap();
        input.send_keys(file.to_str().unwrap()).await.unwrap();
        if name == "broken.toml" {
            browser.until_text("policies[0].name").await.unwrap();
            browser.press("Cancel").await.unwrap();
        }
    }
    browser.until_text("policies: Night").await.unwrap();
    browser.press("Take it").await.unwrap();
    browser.until_text("1 added, 0 replaced").await.unwrap();
    let kept = api.get(path).await.unwrap().expect(200).unwrap();
    assert_eq!(kept["items"][0]["name"], "Night", "{kept}");
    browser.expect_silent_console(&["422"]).await.unwrap();
    browser.close().await.unwrap();
}
