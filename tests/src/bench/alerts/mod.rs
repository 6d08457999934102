//! `bench alerts`: how long rules take, live and tried on what is stored; never a pass or a fail.

mod crossing;
mod delivery;
mod rules;
mod told;
mod trials;

use anyhow::{Result, bail};

use super::document::Section;

/// Measures all parts, or those that are named: `rules`, `trials`. `--quick` is a size for a look whether
/// all works. `delivery`, also with `--quick`, measures how messages arrive, for a section of its own.
pub(super) async fn run(options: &[String]) -> Result<Section> {
    let has = |name: &str| options.iter().any(|option| option == name);
    let is_quick = has("--quick");
    if has("delivery") && options.iter().all(|it| it == "delivery" || it == "--quick") {
        return told::run(is_quick).await;
    }
    let known = ["--quick", "rules", "trials"];
    if let Some(unknown) = options.iter().find(|it| !known.contains(&it.as_str())) {
        bail!("no option {unknown}: there are {}", known.join(", "));
    }
    let wants = |part: &str| has(part) || !(has("rules") || has("trials"));
    let (mut text, mut tables) = (Vec::new(), Vec::new());
    if wants("rules") {
        text.push(rules::TEXT);
        tables.push(rules::run(is_quick).await?);
    }
    if wants("trials") {
        text.push(trials::TEXT);
        tables.push(trials::run(is_quick).await?);
    }
    Ok(Section {
        name: "alerts",
        title: "Alerts",
        text: text.join("\n\n"),
        tables,
    })
}
