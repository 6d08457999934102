//! Lets the server compile before the dashboard is built, and again when it was; never builds it.

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all("../dist")?;
    println!("cargo::rerun-if-changed=build.rs");
    // A debug build reads the folder while it runs.
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../dist");
    }
    Ok(())
}
