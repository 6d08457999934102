//! The page as trunk leaves it, without its inline script: the content security policy forbids one.

use anyhow::{Context, Result, ensure};

/// Stands for the address of the start script until its digest is known.
pub(super) const START_SCRIPT: &str = "@start-script@";

const OPEN: &str = "<script type=\"module\">";
const CLOSE: &str = "</script>";

/// Splits the page into one that loads its start script from [`START_SCRIPT`], and that script.
/// Fails unless there is exactly one inline script.
pub(super) fn take_start_script(html: &str) -> Result<(String, String)> {
    let (before, rest) = html
        .split_once(OPEN)
        .context("the page has no inline start script")?;
    let (script, after) = rest
        .split_once(CLOSE)
        .context("the page's start script has no end")?;
    ensure!(
        !after.contains("<script>") && !after.contains(OPEN),
        "the page has more than one inline script"
    );
    let page = format!("{before}<script type=\"module\" src=\"{START_SCRIPT}\">{CLOSE}{after}");
    Ok((page, format!("{}\n", script.trim())))
}

/// The end of the page's head, before it the order to load a script early that another one needs.
pub(super) fn preload_script(name: &str) -> String {
    format!("<link rel=\"modulepreload\" href=\"/{name}\" crossorigin=\"anonymous\"></head>")
}

#[cfg(test)]
mod tests {
    use super::take_start_script;

    #[test]
    fn the_inline_script_becomes_a_file() {
        let html = "<head><script type=\"module\">\nimport init from '/a.js';\nawait init();\n\
                    </script><link rel=\"modulepreload\" href=\"/a.js\"></head>";
        let (page, script) = take_start_script(html).unwrap();
        assert_eq!(
            page,
            "<head><script type=\"module\" src=\"@start-script@\"></script>\
             <link rel=\"modulepreload\" href=\"/a.js\"></head>"
        );
        assert_eq!(script, "import init from '/a.js';\nawait init();\n");
    }

    #[test]
    fn a_page_without_exactly_one_inline_script_is_refused() {
        let cases = [
            "<head></head>",
            "<script type=\"module\">a()",
            "<script type=\"module\">a()</script><script>b()</script>",
            "<script type=\"module\">a()</script><script type=\"module\">b()</script>",
        ];
        for html in cases {
            assert!(take_start_script(html).is_err(), "{html}");
        }
    }
}
