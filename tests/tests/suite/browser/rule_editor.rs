//! Rules by hand: thresholds dragged and moved by key, a rule of each kind, copies, and files.

use serde_json::{Value, json};
use tests::api::Api;
use tests::browser::Browser;
use tests::server::TestServer;
use tests::wait;

/// Presses a line in its middle, moves it to a value of an axis from 0 to 100, and lets it go.
const DRAG: &str = "const [severity, share] = arguments;
    const line = document.querySelector(`.rule-line--${severity}`);
    const box = line.getBoundingClientRect();
    const plate = document.querySelector('.plate').getBoundingClientRect();
    const from = Math.round(box.top + box.height / 2);
    // The axis begins 18 pixels below the upper edge and ends 20 above the lower one.
    const to = Math.round(plate.bottom - 20 - share * (plate.height - 38));
    return [Math.round(box.right - 20), from, to];";

struct Editor {
    server: TestServer,
    browser: Browser,
    api: Api,
}

impl Editor {
    async fn open(page: &str) -> Self {
        let server = TestServer::builder()
            .with_user("manager")
            .start()
            .await
            .unwrap();
        let api = server.login("manager").await.unwrap();
        let browser = Browser::open().await.unwrap();
        browser.login(&server.base(), "manager").await.unwrap();
        browser
            .goto(&format!("{}{page}", server.base()))
            .await
            .unwrap();
        Self {
            server,
            browser,
            api,
        }
    }

    async fn value(&self, css: &str) -> String {
        let script = format!("return document.querySelector({css:?}).value");
        let value = self.browser.script(&script).await.unwrap();
        value.as_str().unwrap_or_default().to_owned()
    }

    async fn choose(&self, menu: &str, value: &str) {
        let script = format!(
            "const menu = document.querySelector({menu:?});
             if (![...(menu?.options ?? [])].some(it => it.value === {value:?})) return false;
             menu.value = {value:?};
             menu.dispatchEvent(new Event('change', {{bubbles: true}}));
             return true;"
        );
        wait::until(&format!("{value} in {menu}"), async || {
            let chosen = self.browser.script(&script).await?;
            Ok((chosen == Value::Bool(true)).then_some(()))
        })
        .await
        .unwrap();
    }

    /// The rule of that name, once it is there.
    async fn rule(&self, name: &str) -> Value {
        wait::until(&format!("the rule {name}"), async || {
            let rules = self.api.get("/api/v1/alerts/rules").await?.expect(200)?;
            let items = rules["items"].as_array().cloned().unwrap_or_default();
            Ok(items.into_iter().find(|it| it["name"] == name))
        })
        .await
        .unwrap()
    }

    /// Begins a new rule of a kind.
    async fn begin(&self, name: &str, kind: &str) {
        let page = format!("{}/alerts/rules/new", self.server.base());
        self.browser.goto(&page).await.unwrap();
        self.browser.fill("#rule-name", name).await.unwrap();
        self.choose("#rule-kind", kind).await;
    }

    /// A real mouse takes a line to a share of the axis.
    async fn drag(&self, severity: &str, share: f64) {
        let arguments = vec![json!(severity), json!(share)];
        let places = self
            .browser
            .client()
            .execute(DRAG, arguments)
            .await
            .unwrap();
        let (x, from, to) = (&places[0], &places[1], &places[2]);
        for (kind, y, buttons) in [
            ("mouseMoved", from, 0),
            ("mousePressed", from, 1),
            ("mouseMoved", to, 1),
            ("mouseReleased", to, 0),
        ] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons,
                "clickCount": 1});
            self.browser
                .devtools("Input.dispatchMouseEvent", event)
                .await
                .unwrap();
        }
    }

    async fn until_value(&self, css: &str, wanted: &str) {
        wait::until(&format!("{wanted} in {css}"), async || {
            Ok((self.value(css).await == wanted).then_some(()))
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn thresholds_are_dragged_and_moved_by_key() {
    let editor = Editor::open("/alerts/rules/new").await;
    let browser = &editor.browser;
    browser.fill("#rule-name", "By hand").await.unwrap();
    browser
        .fill("#rule-metric", "host_memory_usage_percent")
        .await
        .unwrap();
    browser.fill("#rule-for", "0").await.unwrap();
    // Far enough apart: of two lines that touch, the critical one is taken.
    browser.fill("#rule-warning", "90").await.unwrap();
    browser.fill("#rule-critical", "99").await.unwrap();
    browser
        .until_text("It would not have fired.")
        .await
        .unwrap();
    browser.find(".rule-line--warning").await.unwrap();

    editor.drag("warning", 0.0).await;
    editor.until_value("#rule-warning", "0").await;
    browser
        .until_text("It would have fired once")
        .await
        .unwrap();
    browser.find(".tried__cell--warning").await.unwrap();
    editor.drag("warning", 0.5).await;
    editor.until_value("#rule-warning", "50").await;

    let line = browser.find(".rule-line--critical").await.unwrap();
    let keys = |keys: &'static str| line.send_keys(keys);
    // Down, page down, up, end: as a keyboard sends them.
    keys("\u{e015}").await.unwrap();
    editor.until_value("#rule-critical", "98").await;
    keys("\u{e00f}\u{e013}").await.unwrap();
    editor.until_value("#rule-critical", "89").await;
    let told = line.attr("aria-valuetext").await.unwrap();
    assert_eq!(told.as_deref(), Some("89.0 %"));
    let now = line.attr("aria-valuenow").await.unwrap();
    assert_eq!(now.as_deref(), Some("89"));
    keys("\u{e010}").await.unwrap();
    editor.until_value("#rule-critical", "100").await;

    browser.press("Save rule").await.unwrap();
    let rule = editor.rule("By hand").await;
    assert_eq!(
        (&rule["warning"], &rule["critical"]),
        (&json!(50.0), &json!(100.0))
    );
    browser.expect_silent_console(&[]).await.unwrap();
    editor.browser.close().await.unwrap();
}

#[tokio::test]
async fn a_rule_of_each_kind_is_made() {
    let editor = Editor::open("/alerts/rules").await;
    let browser = &editor.browser;
    let admin = editor.server.login("admin").await.unwrap();
    let channel = json!({"name": "Night", "kind": "webhook", "config": {"url": "https://hook.example.org/a"}});
    let channel = admin.post("/api/v1/notifications/channels", &channel).await;
    let channel = channel.unwrap().expect(201).unwrap();

    editor.begin("Silent", "absence").await;
    browser
        .fill("#rule-metric", "nobody_sends_this")
        .await
        .unwrap();
    browser
        .until_text("No data: nothing has this name so far")
        .await
        .unwrap();
    browser.press("Save rule").await.unwrap();
    let rule = editor.rule("Silent").await;
    assert_eq!(
        (&rule["kind"], &rule["metric"]),
        (&json!("absence"), &json!("nobody_sends_this"))
    );

    editor.begin("Fast", "rate").await;
    browser
        .fill("#rule-metric", "node_network_receive_bytes_total")
        .await
        .unwrap();
    browser.fill("#rule-matchers", "device=lo").await.unwrap();
    browser.fill("#rule-warning", "1000").await.unwrap();
    browser.fill("#rule-window", "5").await.unwrap();
    browser.press("Save rule").await.unwrap();
    browser.find("#rule-window-error").await.unwrap();
    browser.fill("#rule-window", "60").await.unwrap();
    let local = crate::browser::local_server(&editor.api).await;
    editor.choose("#rule-servers", &local).await;
    editor
        .choose("#rule-channels", channel["id"].as_str().unwrap())
        .await;
    browser.fill("#rule-labels", "team=net").await.unwrap();
    browser.press("Add a text").await.unwrap();
    browser
        .fill("[aria-label='Text']", "Look, soon")
        .await
        .unwrap();
    browser.press("Save rule").await.unwrap();
    let rule = editor.rule("Fast").await;
    assert_eq!(rule["window_seconds"], 60, "{rule}");
    assert_eq!(rule["scope"]["servers"], json!([local]));
    assert_eq!(rule["channels"], json!([channel["id"]]));
    assert_eq!(rule["matchers"], json!({"device": "lo"}));
    assert_eq!(rule["labels"], json!({"team": "net"}));
    assert_eq!(rule["annotations"], json!({"summary": "Look, soon"}));

    editor.begin("Worth", "promql").await;
    browser.fill("#query-text", "sum(").await.unwrap();
    browser.until_text("expression:").await.unwrap();
    browser
        .fill("#query-text", "host_memory_usage_per")
        .await
        .unwrap();
    // What is offered is taken by key.
    browser.find("[role=option]").await.unwrap();
    browser
        .find("#query-text")
        .await
        .unwrap()
        .send_keys("\u{e004}")
        .await
        .unwrap();
    editor
        .until_value("#query-text", "host_memory_usage_percent")
        .await;
    browser.fill("#rule-warning", "0").await.unwrap();
    browser.find(".rule-line--warning").await.unwrap();
    browser.press("Save rule").await.unwrap();
    let rule = editor.rule("Worth").await;
    assert_eq!(rule["expression"], "host_memory_usage_percent", "{rule}");

    editor.begin("Both", "composite").await;
    browser.press("Save rule").await.unwrap();
    browser.until_text("must be a metric name").await.unwrap();
    browser
        .fill("[aria-label='Metric']", "host_cpu_usage_percent")
        .await
        .unwrap();
    browser
        .fill(".parts__one [aria-label='Warning']", "70")
        .await
        .unwrap();
    browser.press("Add a condition").await.unwrap();
    let second = ".parts__one:nth-of-type(2)";
    editor
        .choose(&format!("{second} [aria-label='It']"), "not")
        .await;
    browser
        .fill(&format!("{second} [aria-label='Metric']"), "backup_running")
        .await
        .unwrap();
    browser
        .fill(&format!("{second} [aria-label='Warning']"), "0")
        .await
        .unwrap();
    browser.press("Save rule").await.unwrap();
    let rule = editor.rule("Both").await;
    assert_eq!(rule["conditions"][0]["warning"], 70.0, "{rule}");
    assert_eq!(rule["conditions"][1]["not"], true, "{rule}");
    browser
        .expect_silent_console(&["422", "400"])
        .await
        .unwrap();
    editor.browser.close().await.unwrap();
}

#[tokio::test]
async fn rules_are_copied_and_go_round_as_files() {
    let editor = Editor::open("/alerts/rules").await;
    let browser = &editor.browser;
    let rule = crate::alerts::always("Copied");
    editor
        .api
        .post("/api/v1/alerts/rules", &rule)
        .await
        .unwrap()
        .expect(201)
        .unwrap();
    browser
        .goto(&format!("{}/alerts/rules", editor.server.base()))
        .await
        .unwrap();
    browser.press("Duplicate Copied").await.unwrap();
    browser
        .until_text("was added, switched off.")
        .await
        .unwrap();

    browser.press("Save the rules as TOML").await.unwrap();
    let text = browser.downloaded("watchpost-rules").await.unwrap();
    assert!(text.contains("name = \"Copied\""), "{text}");
    let text = text.replace("name = \"Copied\"", "name = \"Brought\"");
    let file = browser.downloads().join("changed.toml");
    std::fs::write(&file, text).unwrap();

    let field = browser.find("input[type=file]").await.unwrap();
    field.send_keys(file.to_str().unwrap()).await.unwrap();
    browser.until_text("Would be added").await.unwrap();
    browser.until_text("Brought").await.unwrap();
    browser.press("Take the rules").await.unwrap();
    browser
        .until_text("1 rule added, 0 replaced.")
        .await
        .unwrap();
    editor.rule("Brought").await;

    // A file that is none says where it goes wrong, and cannot be taken.
    std::fs::write(&file, "version = 1\n[[rules]]\nname = 5\n").unwrap();
    let field = browser.find("input[type=file]").await.unwrap();
    field.send_keys(file.to_str().unwrap()).await.unwrap();
    browser.find("dialog .banner--critical").await.unwrap();
    let off = "return [...document.querySelectorAll('dialog button')]
        .find(it => it.textContent.includes('Take the rules')).disabled";
    assert_eq!(browser.script(off).await.unwrap(), true);
    browser
        .expect_silent_console(&["422", "400"])
        .await
        .unwrap();
    editor.browser.close().await.unwrap();
}
