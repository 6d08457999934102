//! A channel is added, tried and fails: its dead letter is sent again; a template says what was typed.

use serde_json::json;
use tests::browser::Browser;
use tests::receiver::{Answer, Receiver};
use tests::server::TestServer;
use tests::wait;

use crate::alerts::always;

const PAGE: &str = "/alerts/notifications";

/// A server whose messages may go to this machine, and a person at its page about notifications.
async fn at_the_page() -> (TestServer, Browser) {
    let server = TestServer::builder()
        .with_user("manager")
        .with_env("WATCHPOST_EGRESS__ALLOW_PRIVATE", "true")
        .start()
        .await
        .unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "manager").await.unwrap();
    let page = format!("{}{PAGE}", server.base());
    browser.goto(&page).await.unwrap();
    (server, browser)
}

/// Chooses one of a menu.
async fn choose(browser: &Browser, css: &str, value: &str) {
    browser.find(css).await.unwrap();
    let script = format!(
        "const menu = document.querySelector('{css}'); menu.value = '{value}';
        menu.dispatchEvent(new Event('change', {{bubbles: true}}));"
    );
    browser.script(&script).await.unwrap();
}

#[tokio::test]
async fn a_channel_is_added_and_its_test_shows_the_answer() {
    let receiver = Receiver::start().unwrap();
    receiver.answer(|_, before| match before {
        0 => Answer::Status(403, String::new(), "who are you?".to_owned()),
        _ => Answer::Status(200, String::new(), "thank you".to_owned()),
    });
    let (_server, browser) = at_the_page().await;
    browser.until_text("No channels").await.unwrap();
    browser.press("Add a channel").await.unwrap();
    choose(&browser, "#channel-kind", "webhook").await;
    browser.fill("#channel-name", "ops").await.unwrap();
    browser.fill("#channel-url", "no address").await.unwrap();
    browser.press("Add the channel").await.unwrap();
    browser.find("#channel-url-error").await.unwrap();
    browser.fill("#channel-url", &receiver.base).await.unwrap();
    browser.fill("#channel-secret", "s3cret").await.unwrap();
    browser.press("Add the channel").await.unwrap();

    // What was made is tried at once: the provider's own words say what is wrong.
    browser.press("Send the test").await.unwrap();
    browser.until_text("who are you?").await.unwrap();
    browser.until_text("Refused").await.unwrap();
    browser.until_text("403").await.unwrap();
    browser.press("Send again").await.unwrap();
    browser.until_text("thank you").await.unwrap();
    let [_, request] = receiver.received().try_into().unwrap();
    assert_eq!(request.json()["event"], "test");
    assert!(request.header("watchpost-signature").starts_with("t="));
    browser.press("Close").await.unwrap();

    // The secret stays where it is while something else changes.
    browser.press("Change").await.unwrap();
    browser.until_text("Stored, and never shown").await.unwrap();
    browser.fill("#channel-name", "operations").await.unwrap();
    browser.press("Save").await.unwrap();
    browser.until_text("operations was saved").await.unwrap();
    browser.press("Test").await.unwrap();
    browser.press("Send the test").await.unwrap();
    browser.until_text("thank you").await.unwrap();
    let last = receiver.received().pop().unwrap();
    assert!(last.header("watchpost-signature").starts_with("t="));
    browser.press("Close").await.unwrap();
    browser.press("Remove").await.unwrap();
    browser.press("Remove the channel").await.unwrap();
    browser.until_text("No channels").await.unwrap();
    // The browser itself reports the refused save.
    browser.expect_silent_console(&["422"]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_dead_letter_is_sent_again() {
    let receiver = Receiver::start().unwrap();
    receiver.answer(|_, _| Answer::Status(404, String::new(), "no such hook".to_owned()));
    let (server, browser) = at_the_page().await;
    let api = server.login("manager").await.unwrap();
    let channel = json!({ "name": "ops", "kind": "webhook", "config": { "url": receiver.base } });
    let channel = api.post("/api/v1/notifications/channels", &channel).await;
    let channel = channel.unwrap().expect(201).unwrap();
    let mut rule = always("Told in vain");
    rule["channels"] = json!([channel["id"]]);
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    rule.expect(201).unwrap();
    let dead = "/api/v1/notifications/deliveries?state=dead";
    wait::until("the dead letter", async || {
        let list = api.get(dead).await?.expect(200)?;
        let is_there = list["items"].as_array().is_some_and(|all| !all.is_empty());
        Ok(is_there.then_some(()))
    })
    .await
    .unwrap();

    // The list of channels says it, and the log why.
    browser
        .goto(&format!("{}{PAGE}", server.base()))
        .await
        .unwrap();
    browser.until_text("1 dead").await.unwrap();
    browser.press("Delivery log").await.unwrap();
    choose(&browser, ".filters select", "dead").await;
    browser.until_text("refused with status 404").await.unwrap();
    browser.press("Attempts").await.unwrap();
    browser.until_text("no such hook").await.unwrap();
    browser.press("Close").await.unwrap();

    receiver.answer(|_, _| Answer::status(200));
    browser.press("Send again").await.unwrap();
    browser.until_text("It is tried again").await.unwrap();
    let came = receiver.until(2, |_| true).await.unwrap();
    let keys: Vec<_> = came.iter().map(|it| it.header("idempotency-key")).collect();
    assert_eq!(keys[0], keys[1]);
    wait::until("the delivery", async || {
        let list = api.get(dead).await?.expect(200)?;
        let is_empty = list["items"].as_array().is_some_and(Vec::is_empty);
        Ok(is_empty.then_some(()))
    })
    .await
    .unwrap();
    choose(&browser, ".filters select", "delivered").await;
    browser.find(".delivery-table .status--ok").await.unwrap();
    browser.press("Channels").await.unwrap();
    browser.until_text("1 of 1 delivered").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_template_shows_its_errors_and_what_it_says() {
    let (server, browser) = at_the_page().await;
    browser.press("Templates").await.unwrap();
    browser.until_text("No templates").await.unwrap();
    browser.press("Add a template").await.unwrap();
    browser.fill("#template-name", "short").await.unwrap();
    choose(&browser, "#template-kind", "webhook").await;
    browser
        .fill("#template-text", "{% for one in %}")
        .await
        .unwrap();
    browser.find("#template-text-error").await.unwrap();
    let text = "{% for one in alerts %}* {{ one.alert.rule | upper }} *{% endfor %}";
    browser.fill("#template-text", text).await.unwrap();
    browser.until_gone("line 1").await.unwrap();
    browser
        .fill("#template-body", "{\"said\": {{ text }}}")
        .await
        .unwrap();
    browser.until_text("{\"said\": \"").await.unwrap();
    // Another language is written beside, and says the rest in the template's own words.
    let add = ".template-languages select";
    choose(&browser, add, "de").await;
    browser.press("Add").await.unwrap();
    browser.fill("#template-text", "Bitte {%").await.unwrap();
    browser.find("#template-text-error").await.unwrap();
    browser.press("Its own").await.unwrap();
    browser.until_text("* TEST *").await.unwrap();
    browser.press("Save template").await.unwrap();
    browser.until_text("Deutsch, text: line 1").await.unwrap();
    browser.press("Deutsch").await.unwrap();
    browser
        .fill("#template-text", "Bitte ansehen")
        .await
        .unwrap();
    browser.until_text("Bitte ansehen").await.unwrap();
    browser.press("Save template").await.unwrap();
    browser.until_text("short was saved").await.unwrap();
    browser.until_text("Deutsch").await.unwrap();

    // It says something else; what it said before can be had again.
    browser.press("short").await.unwrap();
    browser.fill("#template-text", "less").await.unwrap();
    browser.press("Save template").await.unwrap();
    browser.press("short").await.unwrap();
    browser.until_text("Version 2").await.unwrap();
    browser
        .click(".versions__one:last-child button")
        .await
        .unwrap();
    let api = server.login("manager").await.unwrap();
    browser.press("Save template").await.unwrap();
    wait::until("the third version", async || {
        let list = api.get("/api/v1/notifications/templates").await?;
        let one = list.expect(200)?["items"][0].clone();
        let is_back =
            one["parts"]["text"] == text && one["languages"]["de"]["text"] == "Bitte ansehen";
        Ok((one["version"] == 3 && is_back).then_some(()))
    })
    .await
    .unwrap();
    // The browser itself reports each preview that is refused.
    browser.expect_silent_console(&["422"]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_browser_is_asked_by_a_press_alone() {
    let (server, browser) = at_the_page().await;
    // Whoever asks for leave before a press is seen.
    let permissions = json!({
        "source": "window.asked = 0; const ask = Notification.requestPermission.bind(Notification);
            Notification.requestPermission = () => { window.asked += 1; return ask(); };",
    });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", permissions)
        .await
        .unwrap();
    let page = format!("{}{PAGE}?view=browsers", server.base());
    browser.goto(&page).await.unwrap();
    browser
        .until_text("None of your browsers is told")
        .await
        .unwrap();
    browser
        .until_text("No browser is told before there is a channel")
        .await
        .unwrap();
    assert_eq!(browser.script("return window.asked").await.unwrap(), 0);
    let denied = json!({
        "permission": { "name": "notifications" }, "setting": "denied", "origin": server.base(),
    });
    browser
        .devtools("Browser.setPermission", denied)
        .await
        .unwrap();
    browser.goto(&page).await.unwrap();
    browser
        .until_text("are blocked in this browser")
        .await
        .unwrap();
    let granted = json!({
        "permission": { "name": "notifications" }, "setting": "granted", "origin": server.base(),
    });
    browser
        .devtools("Browser.setPermission", granted)
        .await
        .unwrap();
    browser.goto(&page).await.unwrap();
    browser.press("Tell this browser").await.unwrap();
    wait::until("the question", async || {
        let asked = browser.script("return window.asked").await?;
        Ok((asked == 1).then_some(()))
    })
    .await
    .unwrap();
    browser.close().await.unwrap();
}
